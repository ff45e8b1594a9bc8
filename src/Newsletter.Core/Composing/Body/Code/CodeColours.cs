using System.Net;
using System.Text;

namespace Newsletter.Composing.Body;

/// <summary>Code as HTML with a class for each kind of word: <c>ck</c> keyword, <c>cs</c> text, <c>cc</c> comment, <c>cn</c> number, <c>ci</c> line added, <c>cd</c> line taken out, <c>ct</c> tag.</summary>
/// <remarks>One pass, never back: the time is linear whatever the code is. A theme's style sheet says which colours they are.</remarks>
internal sealed class CodeColours
{
    private readonly string _code;
    private readonly CodeLanguage _language;
    private readonly StringBuilder _html = new();
    private int _plain;

    private CodeColours(string code, CodeLanguage language) => (_code, _language) = (code, language);

    /// <summary>Escaped, and coloured where the language is known.</summary>
    public static string Html(string code, string language) => language.ToLowerInvariant() switch
    {
        "diff" or "patch" => string.Join('\n', code.Split('\n').Select(DiffLine)),
        "html" or "xml" or "svg" or "xhtml" => Markup(code),
        var name => CodeLanguage.Of(name) is { } known ? new CodeColours(code, known).Run() : Escaped(code),
    };

    private string Run()
    {
        for (var at = 0; at < _code.Length;)
        {
            var (kind, length) = Word(at);
            if (kind.Length > 0)
                Emit(kind, at, length);
            at += length;
        }
        _html.Append(Escaped(_code[_plain..]));
        return _html.ToString();
    }

    private (string Kind, int Length) Word(int at)
    {
        var rest = _code.AsSpan(at);
        if (_language.BlockComment.Open.Length > 0 && rest.StartsWith(_language.BlockComment.Open))
            return ("cc", Through(rest, _language.BlockComment.Close, _language.BlockComment.Open.Length));
        foreach (var mark in _language.LineComments)
            if (rest.StartsWith(mark) && !(_language.CommentNeedsBlank && at > 0 && !char.IsWhiteSpace(_code[at - 1])))
                return ("cc", ToLineEnd(rest));
        if (_language.Quotes.Contains(rest[0], StringComparison.Ordinal))
            return ("cs", TextLength(rest));
        if (char.IsAsciiDigit(rest[0]))
            return ("cn", RunLength(rest, c => char.IsLetterOrDigit(c) || c is '.' or '_'));
        if (!IsWordCharacter(rest[0]))
            return ("", 1);

        var length = RunLength(rest, IsWordCharacter);
        return (_language.Words.Contains(rest[..length].ToString()) ? "ck" : "", length);
    }

    // A text without end ends with its line, but for those of several lines.
    private int TextLength(ReadOnlySpan<char> rest)
    {
        if (_language.HasTripleQuotes && rest.Length > 5 && rest[1] == rest[0] && rest[2] == rest[0])
            return Through(rest, new string(rest[0], 3), 3);
        for (var i = 1; i < rest.Length; i++)
            if (rest[i] == '\\')
                i++;
            else if (rest[i] == rest[0])
                return i + 1;
            else if (rest[i] == '\n' && rest[0] != '`')
                return i;
        return rest.Length;
    }

    private void Emit(string kind, int at, int length)
    {
        _html.Append(Escaped(_code[_plain..at])).Append("<span class=\"").Append(kind).Append("\">").Append(Escaped(_code.Substring(at, length))).Append("</span>");
        _plain = at + length;
    }

    private static string DiffLine(string line) =>
        line is ['+', ..] ? $"<span class=\"ci\">{Escaped(line)}</span>"
        : line is ['-', ..] ? $"<span class=\"cd\">{Escaped(line)}</span>"
        : line is ['@', '@', ..] ? $"<span class=\"cc\">{Escaped(line)}</span>"
        : Escaped(line);

    private static string Markup(string code)
    {
        var html = new StringBuilder();
        for (var at = 0; at < code.Length;)
        {
            var rest = code.AsSpan(at);
            var isTag = rest[0] == '<';
            var isComment = rest.StartsWith("<!--");
            var length = isComment ? Through(rest, "-->", 4) : isTag ? Through(rest, ">", 1) : rest.IndexOf('<') is >= 0 and var next ? next : rest.Length;
            var text = Escaped(rest[..length].ToString());
            html.Append(isTag ? $"<span class=\"{(isComment ? "cc" : "ct")}\">{text}</span>" : text);
            at += length;
        }
        return html.ToString();
    }

    private static int Through(ReadOnlySpan<char> rest, string close, int from) => rest[from..].IndexOf(close) is >= 0 and var at ? from + at + close.Length : rest.Length;

    private static int ToLineEnd(ReadOnlySpan<char> rest) => rest.IndexOf('\n') is >= 0 and var at ? at : rest.Length;

    private static int RunLength(ReadOnlySpan<char> rest, Predicate<char> isOf)
    {
        var length = 1;
        while (length < rest.Length && isOf(rest[length]))
            length++;
        return length;
    }

    private static bool IsWordCharacter(char c) => char.IsLetterOrDigit(c) || c is '_' or '$';

    private static string Escaped(string text) => WebUtility.HtmlEncode(text);
}
