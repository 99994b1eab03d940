package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"strings"
	"sync"
	"unicode"
)

// line is one JSON object of the output.
type line map[string]any

func (l line) with(others ...line) line {
	for _, other := range others {
		maps.Copy(l, other)
	}
	return l
}

var output sync.Mutex

// emit writes one event, or one line of the answer to a tagged command.
func emit(l line, tag string) {
	if tag != "" {
		l["id"] = tag
	}
	text, err := json.Marshal(l)
	if err != nil {
		panic(err)
	}
	output.Lock()
	defer output.Unlock()
	os.Stdout.Write(append(text, '\n'))
}

// request is one command: its tag, its name and its words, with the options taken out.
type request struct {
	tag     string
	name    string
	words   []string
	options map[string]string
}

// flags are the options of commands that take no value.
var flags = map[string]bool{"--base64": true, "--no-cache": true}

// parseRequest reads `#TAG NAME WORD...`; the tag may be missing. The tag of a line that is wrong is returned too.
func parseRequest(text string) (request, error) {
	parsed := request{options: map[string]string{}}
	text = strings.TrimSpace(text)
	if rest, tagged := strings.CutPrefix(text, "#"); tagged {
		end := strings.IndexFunc(rest, unicode.IsSpace)
		if end < 0 {
			end = len(rest)
		}
		parsed.tag, text = rest[:end], rest[end:]
	}
	words, err := splitWords(text)
	if err != nil || len(words) == 0 {
		return parsed, err
	}
	parsed.name = words[0]
	return parsed, parsed.sort(words[1:])
}

// sort tells options from other words; after `--` there are no options.
func (r *request) sort(words []string) error {
	for at := 0; at < len(words); at++ {
		switch word := words[at]; {
		case word == "--":
			r.words = append(r.words, words[at+1:]...)
			return nil
		case !strings.HasPrefix(word, "--"):
			r.words = append(r.words, word)
		case flags[word]:
			r.options[word] = ""
		case at+1 == len(words):
			return badInput("%s wants a value", word)
		default:
			at++
			r.options[word] = words[at]
		}
	}
	return nil
}

// check refuses options that the command does not know, and too few or too many words.
func (r *request) check(c command) error {
	for name := range r.options {
		if name != "--timeout" && !strings.Contains(c.usage, "["+name) {
			return badInput("no option %s: %s", name, c.usage)
		}
	}
	if len(r.words) != c.arity {
		return badInput("%s takes %d argument(s), not %d: %s", r.name, c.arity, len(r.words), c.usage)
	}
	return nil
}

// splitWords splits at blanks as a POSIX shell does: single quotes, double quotes, backslash.
func splitWords(text string) ([]string, error) {
	var words []string
	var word strings.Builder
	var quote rune
	open := false
	runes := []rune(text)
	for at := 0; at < len(runes); at++ {
		char := runes[at]
		escapes := char == '\\' && at+1 < len(runes) &&
			(quote == 0 || quote == '"' && strings.ContainsRune("\"\\$`", runes[at+1]))
		switch {
		case escapes:
			at++
			word.WriteRune(runes[at])
			open = true
		case quote == 0 && unicode.IsSpace(char):
			if open {
				words = append(words, word.String())
				word.Reset()
				open = false
			}
		case quote == 0 && (char == '"' || char == '\''):
			quote = char
			open = true
		case char == quote:
			quote = 0
		default:
			word.WriteRune(char)
			open = true
		}
	}
	if quote != 0 {
		return nil, badInput("the line ends inside a %c quote", quote)
	}
	if open {
		words = append(words, word.String())
	}
	return words, nil
}

// refusal is a command that cannot be answered as asked: a code of the fixed list, a message, and what was reached so far.
type refusal struct {
	code    string
	message string
	reached line
}

func (r *refusal) Error() string { return r.message }

func badInput(format string, arguments ...any) error {
	return &refusal{code: "bad-input", message: fmt.Sprintf(format, arguments...)}
}
