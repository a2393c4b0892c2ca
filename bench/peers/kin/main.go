// Peer: kin-openapi. Reads "<message> <iterations>" lines, answers JSON lines with CPU seconds.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/getkin/kin-openapi/routers/legacy"
)

type message struct {
	Name, Kind, Method, URL, Body string
	Headers                       [][2]string
	Status                        int
	ResponseHeaders               [][2]string `json:"response_headers"`
	ResponseBody                  string      `json:"response_body"`
}

var options = &openapi3filter.Options{
	AuthenticationFunc: func(_ context.Context, in *openapi3filter.AuthenticationInput) error {
		if _, _, ok := in.RequestValidationInput.Request.BasicAuth(); !ok {
			return in.NewError(nil)
		}
		return nil
	},
}

// decodeForm replaces kin-openapi's form decoder, which ignores `encoding: contentType`.
func decodeForm(body io.Reader, _ http.Header, schema *openapi3.SchemaRef, encoding openapi3filter.EncodingFn) (any, error) {
	data, err := io.ReadAll(body)
	form, invalid := url.ParseQuery(string(data))
	if err != nil || invalid != nil {
		return nil, errors.Join(err, invalid)
	}
	decoded := make(map[string]any, len(form))
	for name, values := range form {
		var value any = values[0]
		property := schema.Value.Properties[name]
		if e := encoding(name); e != nil && e.ContentType == "application/json" {
			err = json.Unmarshal([]byte(values[0]), &value)
		} else if property != nil && property.Value.Type.Is("boolean") {
			value, err = strconv.ParseBool(values[0])
		} else if property != nil && (property.Value.Type.Is("integer") || property.Value.Type.Is("number")) {
			value, err = strconv.ParseFloat(values[0], 64)
		}
		if err != nil {
			return nil, err
		}
		decoded[name] = value
	}
	return decoded, nil
}

func headers(pairs [][2]string) http.Header {
	h := make(http.Header, len(pairs))
	for _, p := range pairs {
		h.Add(p[0], p[1])
	}
	return h
}

func (m *message) validate(router routers.Router) error {
	ctx := context.Background()
	request, err := http.NewRequest(m.Method, m.URL, strings.NewReader(m.Body))
	if err != nil {
		return err
	}
	request.Header = headers(m.Headers)
	route, params, err := router.FindRoute(request)
	if err != nil {
		return err
	}
	in := &openapi3filter.RequestValidationInput{Request: request, PathParams: params, Route: route, Options: options}
	if m.Kind == "request" {
		return openapi3filter.ValidateRequest(ctx, in)
	}
	return openapi3filter.ValidateResponse(ctx, &openapi3filter.ResponseValidationInput{
		RequestValidationInput: in, Status: m.Status, Header: headers(m.ResponseHeaders),
		Body: io.NopCloser(strings.NewReader(m.ResponseBody)), Options: options})
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
	openapi3.DefineStringFormatValidator("email", openapi3.NewRegexpFormatValidator(openapi3.FormatOfStringForEmail))
	openapi3.DefineStringFormatValidator("uuid", openapi3.NewRegexpFormatValidator(openapi3.FormatOfStringForUUIDOfRFC9562))
	openapi3filter.RegisterBodyDecoder("application/x-www-form-urlencoded", decodeForm)
	document := must(openapi3.NewLoader().LoadFromFile(os.Args[1] + "/openapi.json"))
	if err := document.Validate(context.Background()); err != nil {
		panic(err)
	}
	router := must(legacy.NewRouter(document)) // a tree; gorillamux tries one regular expression after another
	if os.Getenv("KIN_ROUTER") == "gorillamux" {
		router = must(gorillamux.NewRouter(document))
	}
	var list []*message
	if err := json.Unmarshal(must(os.ReadFile(os.Args[1]+"/messages.json")), &list); err != nil {
		panic(err)
	}
	messages := map[string]*message{}
	for _, m := range list {
		messages[m.Name] = m
		m.validate(router)
	}
	fmt.Printf("ready %.1f\n", cpu()*1000)
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		var name string
		var n int
		fmt.Sscan(lines.Text(), &name, &n)
		m, failed := messages[name], error(nil)
		start := cpu()
		for i := 0; i < n; i++ {
			if err := m.validate(router); err != nil {
				failed = err
			}
		}
		answer := map[string]any{"name": name, "iterations": n, "cpu_seconds": cpu() - start, "valid": failed == nil}
		if failed != nil {
			answer["error"], _, _ = strings.Cut(failed.Error(), "\n")
		}
		fmt.Println(string(must(json.Marshal(answer))))
	}
}
