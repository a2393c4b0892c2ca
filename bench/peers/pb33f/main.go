// Peer: libopenapi-validator. Reads "<message> <iterations>" lines, answers JSON lines with CPU seconds.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime"
	"strings"
	"sync"
	"syscall"

	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
	"github.com/pb33f/libopenapi-validator/config"
	failures "github.com/pb33f/libopenapi-validator/errors"
)

type message struct {
	Name, Kind, Method, URL, Body string
	Headers                       [][2]string
	Status                        int
	ResponseHeaders               [][2]string `json:"response_headers"`
	ResponseBody                  string      `json:"response_body"`
}

func headers(pairs [][2]string) http.Header {
	h := make(http.Header, len(pairs))
	for _, p := range pairs {
		h.Add(p[0], p[1])
	}
	return h
}

// validate returns "" or the first complaint.
func (m *message) validate(v validator.Validator) string {
	request, err := http.NewRequest(m.Method, m.URL, strings.NewReader(m.Body))
	if err != nil {
		return err.Error()
	}
	request.Header = headers(m.Headers)
	var ok bool
	var errs []*failures.ValidationError
	if m.Kind == "request" {
		ok, errs = v.ValidateHttpRequestSync(request)
	} else {
		ok, errs = v.ValidateHttpResponse(request, &http.Response{StatusCode: m.Status,
			Header: headers(m.ResponseHeaders), Body: io.NopCloser(strings.NewReader(m.ResponseBody))})
	}
	if ok && len(errs) == 0 {
		return ""
	}
	if len(errs) == 0 {
		return "refused without a reason"
	}
	reason := errs[0].Message
	for _, e := range errs[0].SchemaValidationErrors {
		reason += "; " + e.Reason + " at " + e.FieldPath
	}
	return reason
}

func cpu() float64 {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func main() {
	runtime.GOMAXPROCS(1)
	document := must(libopenapi.NewDocument(must(os.ReadFile(os.Args[1] + "/openapi.json"))))
	v, errs := validator.NewValidator(document, config.WithFormatAssertions(),
		config.WithURLEncodedBodyValidation(), config.WithRegexCache(&sync.Map{}))
	if len(errs) > 0 {
		panic(errs)
	}
	if ok, problems := v.ValidateDocument(); !ok {
		panic(problems[0])
	}
	var list []*message
	if err := json.Unmarshal(must(os.ReadFile(os.Args[1]+"/messages.json")), &list); err != nil {
		panic(err)
	}
	messages := map[string]*message{}
	for _, m := range list {
		messages[m.Name] = m
		m.validate(v)
	}
	fmt.Printf("ready %.1f\n", cpu()*1000)
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		var name string
		var n int
		fmt.Sscan(lines.Text(), &name, &n)
		m, failed := messages[name], ""
		start := cpu()
		for i := 0; i < n; i++ {
			if complaint := m.validate(v); complaint != "" {
				failed = complaint
			}
		}
		answer := map[string]any{"name": name, "iterations": n, "cpu_seconds": cpu() - start, "valid": failed == ""}
		if failed != "" {
			answer["error"] = failed
		}
		fmt.Println(string(must(json.Marshal(answer))))
	}
}
