// Renders a chart's templates with text/template, the engine that Helm is made of, and of Helm's own functions with those
// that the chart calls. Input: the root object as JSON, then the templates. Output: their YAML, one after the other.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"text/template"
)

type versions []interface{}

// Has is what .Capabilities.APIVersions.Has is in Helm.
func (v versions) Has(version string) bool {
	for _, each := range v {
		if each == version {
			return true
		}
	}
	return false
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func main() {
	text, err := os.ReadFile(os.Args[1])
	check(err)
	root := map[string]interface{}{}
	check(json.Unmarshal(text, &root))
	capabilities := root["Capabilities"].(map[string]interface{})
	capabilities["APIVersions"] = versions(capabilities["APIVersions"].([]interface{}))
	functions := template.FuncMap{
		"quote": func(value interface{}) string { return fmt.Sprintf("%q", fmt.Sprint(value)) },
		"toJson": func(value interface{}) (string, error) {
			text, err := json.Marshal(value)
			return string(text), err
		},
	}
	for _, file := range os.Args[2:] {
		text, err := os.ReadFile(file)
		check(err)
		// A value that is not there is an error here; Helm is more lenient.
		parsed, err := template.New(filepath.Base(file)).Option("missingkey=error").Funcs(functions).Parse(string(text))
		check(err)
		fmt.Println("---")
		check(parsed.Execute(os.Stdout, root))
	}
}
