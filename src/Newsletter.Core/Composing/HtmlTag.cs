namespace Newsletter.Composing;

/// <summary>A tag of a finished document, read on from placeholder to placeholder: it may hold thousands of them.</summary>
internal sealed class HtmlTag
{
    private readonly string _html;
    private readonly int _open;
    private string _name = "";
    private char _quote;
    private int _at;
    private int _word;
    private int _value;

    /// <param name="html">The document.</param>
    /// <param name="open">Where the tag begins.</param>
    public HtmlTag(string html, int open)
    {
        (_html, _open, _at, _word) = (html, open, open + 1, open + 1);
        End = EndOf(html, open);
    }

    /// <summary>Behind its <c>&gt;</c>.</summary>
    public int End { get; }

    /// <summary>The place of what stands there, and where the attribute begins that holds it: what begins in a text does not end in an attribute.</summary>
    /// <param name="index">Not before one that was asked for earlier.</param>
    public (Place Place, int Attribute) PlaceOf(int index)
    {
        for (; _at < index; _at++)
            Read(_html[_at]);
        if (_quote == default)
            return (Place.Attribute, _open);
        return (_name.ToLowerInvariant() is not ("href" or "src" or "background") ? Place.Attribute : index == _value ? Place.Url : Place.UrlPart, _value);
    }

    private void Read(char c)
    {
        if (_quote != default)
            _quote = c == _quote ? default : _quote;
        else if (c is '"' or '\'')
            (_quote, _value) = (c, _at + 1);
        else if (c == '=')
            _name = _html[_word.._at].TrimEnd();
        else if (!IsBlank(c) && IsBlank(_html[_at - 1]))
            _word = _at;
    }

    private static bool IsBlank(char c) => c is ' ' or '\t' or '\n' or '\f' or '\r' or '/';

    // `>` may stand inside of a quoted attribute.
    private static int EndOf(string html, int open)
    {
        char quote = default;
        for (var i = open + 1; i < html.Length; i++)
            if (quote != default)
                quote = html[i] == quote ? default : quote;
            else if (html[i] is '"' or '\'')
                quote = html[i];
            else if (html[i] == '>')
                return i + 1;
        return html.Length;
    }
}
