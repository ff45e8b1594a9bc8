using System.Text;
using Markdig.Helpers;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Newsletter.Composing.Body;

/// <summary>Quotes, dashes and ellipses as a printer sets them, in the marks of the language. Code and addresses stay as they are.</summary>
internal sealed class SmartPunctuation
{
    private readonly (char Open, char Close) _double;
    private readonly (char Open, char Close) _single;
    private char _before = ' ';
    private bool _isSingleOpen;
    private bool _hasQuoted; // with single marks, in this block

    private SmartPunctuation(string lang) => (_double, _single) = lang.Split('-')[0].ToLowerInvariant() switch
    {
        "de" or "cs" or "sk" or "sl" or "lt" or "bg" or "is" => (('„', '“'), ('‚', '‘')),
        "pl" or "ro" or "hu" or "hr" or "nl" => (('„', '”'), ('‚', '’')),
        "fr" or "it" or "es" or "pt" or "ru" or "uk" or "el" or "no" or "nb" or "nn" => (('«', '»'), ('“', '”')),
        "sv" or "fi" => (('”', '”'), ('’', '’')),
        "da" => (('»', '«'), ('›', '‹')),
        _ => (('“', '”'), ('‘', '’')),
    };

    public static void Set(MarkdownDocument document, string lang)
    {
        var setter = new SmartPunctuation(lang);
        foreach (var block in document.Descendants<LeafBlock>())
        {
            (setter._before, setter._isSingleOpen, setter._hasQuoted) = (' ', false, false);
            foreach (var node in block.Inline?.Descendants() ?? [])
                setter.One(node);
        }
    }

    private void One(MarkdownObject node)
    {
        if (node is LiteralInline literal)
        {
            var (text, kept) = (literal.Content.ToString(), literal.IsFirstCharacterEscaped && literal.Content.Length > 0 ? 1 : 0); // an escaped sign stays as it is
            _before = kept > 0 ? text[0] : _before;
            literal.Content = new StringSlice(text[..kept] + Written(text[kept..], Next(literal)));
        }
        else if (node is LineBreakInline)
            _before = ' ';
        else if (node is CodeInline or AutolinkInline or HtmlEntityInline)
            _before = 'x';
    }

    // The first character behind the words: a quote at their end before emphasis opens, one before a blank closes.
    private static char Next(Inline inline)
    {
        for (Inline? node = inline; node is not null; node = node.Parent)
            if (node.NextSibling is { } next)
                return next is LineBreakInline ? ' ' : next is LiteralInline { Content.Length: > 0 } literal ? literal.Content.CurrentChar : 'x';
        return ' ';
    }

    private string Written(string text, char next)
    {
        var into = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var rest = text.AsSpan(i);
            var after = i + 1 < text.Length ? text[i + 1] : next;
            var (written, length) = c switch
            {
                '.' when rest.StartsWith("...") => ('…', 3),
                '-' when rest.StartsWith("---") && !rest.StartsWith("----") && _before != '-' => ('—', 3),
                '-' when rest.StartsWith("--") && !rest.StartsWith("---") && _before != '-' => ('–', 2),
                '\'' when IsRockAndRoll(rest, after: i + 3 < text.Length ? text[i + 3] : next) => ('\0', 3),
                '"' => (Opens(after) ? _double.Open : _double.Close, 1),
                '\'' => (Single(after), 1),
                _ => (c, 1),
            };
            if (written == '\0') // both marks at once
                into.Append('’').Append(text[i + 1]).Append('’');
            else
                into.Append(written);
            _before = text[i + length - 1];
            i += length - 1;
        }
        return into.ToString();
    }

    // A word of one letter between two that are left out: rock 'n' roll. Where other words are quoted in the same way it is quoted too: 'y' or 'n'.
    private bool IsRockAndRoll(ReadOnlySpan<char> rest, char after) => !_hasQuoted && rest.Length >= 3 && (rest[1] is 'n' or 'N') && rest[2] == '\'' && char.IsWhiteSpace(_before) && char.IsWhiteSpace(after);

    // An apostrophe stands in a word, before a year, or behind a word where nothing was opened.
    private char Single(char after)
    {
        if (char.IsLetterOrDigit(_before) && (char.IsLetterOrDigit(after) || !_isSingleOpen) || char.IsDigit(after) && !char.IsLetterOrDigit(_before))
            return '’';
        var isOpen = Opens(after);
        _hasQuoted |= _isSingleOpen && !isOpen;
        _isSingleOpen = isOpen;
        return _isSingleOpen ? _single.Open : _single.Close;
    }

    private bool Opens(char after) => !char.IsWhiteSpace(after) && (char.IsWhiteSpace(_before) || _before is '(' or '[' or '{' or '-' or '—' or '–' or '/' or '"' or '\'' && !char.IsPunctuation(after));
}
