using System.Collections.Frozen;

namespace Newsletter.Composing.Body;

/// <summary>What tells the words of a programming language from each other: enough for colours, not for a compiler.</summary>
internal sealed record CodeLanguage
{
    private const string CWords = "auto break case char const continue default do double else enum extern float for goto if inline int long register return short signed sizeof static struct switch typedef union unsigned void volatile while bool true false NULL";
    private const string JsWords = "async await break case catch class const continue debugger default delete do else export extends false finally for from function if import in instanceof let new null of return static super switch this throw true try typeof undefined var void while yield";

    private static readonly CodeLanguage C = Like(CWords);
    private static readonly CodeLanguage Cpp = Like(CWords + " alignas catch class concept consteval constexpr co_await co_return co_yield decltype delete explicit export final friend mutable namespace new noexcept nullptr operator override private protected public requires static_cast template this throw try typename using virtual");
    private static readonly CodeLanguage CSharp = Like("abstract as async await base bool break byte case catch char checked class const continue decimal default delegate do double else enum event explicit extern false finally fixed float for foreach get global if implicit in init int interface internal is lock long namespace new null object operator out override params private protected public readonly record ref required return sbyte sealed set short sizeof stackalloc static string struct switch this throw true try typeof uint ulong unchecked unsafe ushort using var virtual void volatile when where while with yield");
    private static readonly CodeLanguage Java = Like("abstract assert boolean break byte case catch char class const continue default do double else enum extends false final finally float for fun if implements import in instanceof int interface internal is long native new null object open override package private protected public record return sealed short static super switch synchronized this throw throws transient true try val var void volatile when while yield");
    private static readonly CodeLanguage Js = Like(JsWords + " abstract any as boolean declare enum implements interface keyof namespace never number private protected public readonly string type unknown") with { Quotes = "\"'`" };
    private static readonly CodeLanguage Go = Like("break case chan const continue default defer else fallthrough false for func go goto if import interface iota map nil package range return select struct switch true type var any bool byte error float32 float64 int int32 int64 rune string uint") with { Quotes = "\"'`" };
    private static readonly CodeLanguage Rust = Like("as async await break const continue crate dyn else enum extern false fn for if impl in let loop match mod move mut pub ref return self Self static struct super trait true type unsafe use where while bool char f32 f64 i8 i16 i32 i64 isize str u8 u16 u32 u64 usize String Vec Option Result") with { Quotes = "\"" };
    private static readonly CodeLanguage Swift = Like("actor as async await break case catch class continue default defer do else enum extension fallthrough false for func guard if import in init inout internal is let nil operator private protocol public repeat return self static struct subscript super switch throw throws true try typealias var where while");
    private static readonly CodeLanguage Php = Like("abstract and array as break case catch class clone const continue declare default do echo else elseif extends false final fn for foreach function global if implements include interface namespace new null or private protected public readonly require return static switch this throw trait true try use var while yield") with { LineComments = ["//", "#"] };
    private static readonly CodeLanguage Python = Hash("and as assert async await break case class continue def del elif else except False finally for from global if import in is lambda match None nonlocal not or pass raise return self True try while with yield") with { HasTripleQuotes = true };
    private static readonly CodeLanguage Ruby = Hash("alias and begin break case class def defined do else elsif end ensure false for if in module next nil not or redo rescue retry return self super then true undef unless until when while yield require attr_accessor");
    private static readonly CodeLanguage R = Hash("break else FALSE for function if in Inf library NA NaN next NULL repeat require return TRUE while");
    private static readonly CodeLanguage Julia = Hash("abstract begin break catch const continue do else elseif end export false finally for function global if import in let local macro module mutable nothing quote return struct true try type using where while") with { HasTripleQuotes = true, Quotes = "\"" };
    private static readonly CodeLanguage Shell = Hash("alias break case cd continue do done echo elif else esac eval exec exit export fi for function if in local read return set shift source sudo then trap unset until while") with { CommentNeedsBlank = true };
    private static readonly CodeLanguage Yaml = Hash("true false null yes no on off") with { CommentNeedsBlank = true };
    private static readonly CodeLanguage Ini = Hash("true false") with { LineComments = ["#", ";"] };
    private static readonly CodeLanguage Sql = new()
    {
        Words = Set("add all alter and as asc begin between by case check commit constraint create cross default delete desc distinct drop else end exists false foreign from full grant group having if in index inner insert into is join key left like limit not null offset on or order outer primary references returning right rollback select set table then transaction true union unique update using values view when where with", StringComparer.OrdinalIgnoreCase),
        LineComments = ["--"],
        Quotes = "'\"",
    };
    private static readonly CodeLanguage Fortran = new()
    {
        Words = Set("allocatable allocate call case character complex contains cycle deallocate dimension do double else elseif end enddo endif exit function if implicit in inout integer intent interface kind logical module none only optional out parameter pointer precision print private program public pure read real recursive result return save select stop subroutine then type use where while write", StringComparer.OrdinalIgnoreCase),
        LineComments = ["!"],
    };
    private static readonly CodeLanguage Json = new() { Words = Set("true false null", StringComparer.Ordinal), Quotes = "\"" };
    private static readonly CodeLanguage Css = new() { BlockComment = ("/*", "*/"), Words = Set("important media supports import layer font-face keyframes container", StringComparer.Ordinal) };

    private static readonly FrozenDictionary<string, CodeLanguage> All = new Dictionary<string, CodeLanguage>(StringComparer.OrdinalIgnoreCase)
    {
        ["c"] = C, ["h"] = C, ["cpp"] = Cpp, ["c++"] = Cpp, ["cc"] = Cpp, ["hpp"] = Cpp, ["cuda"] = Cpp, ["csharp"] = CSharp, ["cs"] = CSharp, ["c#"] = CSharp, ["java"] = Java, ["kotlin"] = Java, ["kt"] = Java,
        ["scala"] = Java, ["js"] = Js, ["javascript"] = Js, ["jsx"] = Js, ["ts"] = Js, ["typescript"] = Js, ["tsx"] = Js, ["go"] = Go, ["golang"] = Go, ["rust"] = Rust, ["rs"] = Rust, ["swift"] = Swift,
        ["php"] = Php, ["py"] = Python, ["python"] = Python, ["rb"] = Ruby, ["ruby"] = Ruby, ["r"] = R, ["julia"] = Julia, ["jl"] = Julia, ["sh"] = Shell, ["bash"] = Shell, ["shell"] = Shell, ["zsh"] = Shell,
        ["yaml"] = Yaml, ["yml"] = Yaml, ["toml"] = Ini, ["ini"] = Ini, ["sql"] = Sql, ["fortran"] = Fortran, ["f90"] = Fortran, ["json"] = Json, ["css"] = Css,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Words of the language itself.</summary>
    public FrozenSet<string> Words { get; private init; } = FrozenSet<string>.Empty;

    /// <summary>What begins a comment that ends with its line.</summary>
    public IReadOnlyList<string> LineComments { get; private init; } = [];

    /// <summary>Whether such a comment begins only behind a blank: <c>$#</c> and <c>a#b</c> are none.</summary>
    public bool CommentNeedsBlank { get; private init; }

    /// <summary>What begins and ends a comment over several lines; empty where there are none.</summary>
    public (string Open, string Close) BlockComment { get; private init; } = ("", "");

    /// <summary>The marks around texts.</summary>
    public string Quotes { get; private init; } = "\"'";

    /// <summary>Whether three marks begin a text over several lines.</summary>
    public bool HasTripleQuotes { get; private init; }

    /// <summary>The language of a fence's first word; null for one that is not known: its code has one colour.</summary>
    public static CodeLanguage? Of(string name) => All.GetValueOrDefault(name);

    private static CodeLanguage Like(string words) => new() { Words = Set(words, StringComparer.Ordinal), LineComments = ["//"], BlockComment = ("/*", "*/") };

    private static CodeLanguage Hash(string words) => new() { Words = Set(words, StringComparer.Ordinal), LineComments = ["#"] };

    private static FrozenSet<string> Set(string words, StringComparer comparer) => words.Split(' ').ToFrozenSet(comparer);
}
