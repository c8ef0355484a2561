package io.hardway.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.core.json.JsonObject;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each expectation is what Go's text/template, with docker's functions, prints. */
class TemplateTest {
  private static final JsonObject VALUE =
      JsonObject.parse(
          "value",
          """
          {"Name":"web","State":{"Running":true,"Pid":7},"Args":["-c","true"],"None":[],
           "Labels":{"a":"b","c.d":"e"},"Mounts":[{"Source":"/x"},{"Source":"/y"}]}
          """);

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "{{.Name}}~web",
        "{{ .State.Pid }}!~7!",
        "{{json .Labels}}~{\"a\":\"b\",\"c.d\":\"e\"}",
        "{{index .Labels \"c.d\"}}~e",
        "{{index .Labels \"none\"}}|~|",
        "{{index .Args 1}}~true",
        "{{(index .Mounts 0).Source}}~/x",
        "{{range .Mounts}}{{.Source}} {{end}}~/x /y ",
        "{{range $i, $m := .Mounts}}{{$i}}={{$m.Source}} {{end}}~0=/x 1=/y ",
        "{{range $k, $v := .Labels}}{{$k}}={{$v}},{{end}}~a=b,c.d=e,",
        "{{range .None}}x{{else}}none{{end}}!~none!",
        "{{range .Args}}{{.}}{{else}}none{{end}}!~-ctrue!",
        "{{range .Args}}{{$.Name}}{{end}}~webweb",
        "{{if .State.Running}}up{{else}}down{{end}}~up",
        "{{if .None}}x{{else if .Name}}y{{else}}z{{end}}~y",
        "{{with .State}}{{.Pid}}{{end}}~7",
        "{{if eq .Name \"web\"}}yes{{end}}~yes",
        "{{if and .Name (gt .State.Pid 6)}}yes{{end}}~yes",
        "{{if not .None}}yes{{end}}~yes",
        "{{join .Args \" \"}}~-c true",
        "{{.Name | upper | printf \"%s!\"}}~WEB!",
        "{{truncate .Name 2}}{{title .Name}}{{len .Args}}~weWeb2",
        "a {{- .Name -}} b~awebb",
        "{{/* nothing */}}{{println .Name .State.Pid}}|~'web 7\n|'",
        "{{.Args}} {{.State}}~[-c true] map[Running:true Pid:7]",
      })
  void isFilled(String template, String expected) {
    assertEquals(expected, new Template(template).fill(VALUE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{.Name",
        "{{}}",
        "{{if .Name}}",
        "{{end}}",
        "{{if .Name}}a{{else}}b{{else}}c{{end}}",
        "{{nosuch .Name}}",
        "{{.Name | nosuch}}",
        "{{\"open}}",
        "{{(.Name}}",
        "{{eq .Name}}",
        "{{index .Args 2}}",
        "{{index .Args \"x\"}}",
        "{{truncate .Name -1}}",
        "{{$x}}",
        "{{.Name.More}}",
        "{{.Nmae}}",
        "{{printf \"%d\" .Name}}",
      })
  void whatIsWrongIsToldWithTheTemplate(String template) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> new Template(template).fill(VALUE))
            .getMessage();
    assertTrue(message.startsWith("template") && message.contains(template), message);
  }
}
