# levelbook: prologue
import json
from urllib.request import Request, urlopen

api = "{{ api_url }}"
# levelbook: end

# levelbook: start POST /tasks
body = json.dumps({"title": "Water the plants", "due": "2026-05-01"})
request = Request(f"{api}/tasks", body.encode(), {"Content-Type": "application/json"})
with urlopen(request) as answer:
    print(json.load(answer)["id"])
# levelbook: end

# levelbook: start GET /tasks
with urlopen(f"{api}/tasks?state=open") as answer:
    for task in json.load(answer):
        print(task["title"])
# levelbook: end
