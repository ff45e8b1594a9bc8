using System.Collections.Frozen;
using Markdig.Syntax;
using Newsletter.Issues;

namespace Newsletter.Linting;

/// <summary>The language behind the marks of a block of code, where it is one letter from a known one.</summary>
internal static class FenceRules
{
    private static readonly FrozenSet<string> Known = """
        apache assembly bash basic batch bibtex c clojure cmake cobol coffeescript console cpp crystal csharp css csv cuda dart diff docker dockerfile elixir elm erlang fortran fsharp
        gherkin glsl golang gradle graphql groovy haml handlebars haskell html http ini java javascript jinja json jsonc json5 jsonl jsonnet jsx julia kotlin latex less lisp lua make makefile markdown
        matlab mermaid mysql nginx nim nix objectivec ocaml octave opencl org pascal patch perl php plain plaintext postgresql powershell prolog properties protobuf puppet python python3
        racket ruby rust sass scala scheme scss shell smalltalk solidity sparql sqlite stan stata svelte swift systemverilog tcsh terraform text toml turtle typescript verilog
        vhdl vimscript wasm xhtml xquery yaml
        """.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static IEnumerable<IssueProblem> Check(Manuscript manuscript) =>
        from block in manuscript.Tree.Descendants<FencedCodeBlock>()
        let name = block.Info ?? ""
        where name.Length >= 4 && !Known.Contains(name)
        let near = Known.FirstOrDefault(known => known.Length >= 4 && Spelling.Distance(name.ToLowerInvariant(), known, 1) == 1)
        where near is not null
        select manuscript.At(Math.Max(0, block.Span.Start), "code-language", $"`{Words.Short(name)}` is no language that is known; did you mean `{near}`?");
}
