namespace Newsletter.Composing;

/// <summary>Where in a theme's HTML a tag stands. A value is made harmless for text and for a quoted attribute; elsewhere a stranger's name could write an attribute or a style.</summary>
internal sealed class ThemeMarkup
{
    private enum State { Text, Tag, Unquoted, Quoted }

    private const int MostOfName = 40; // as much of one as tells it from `style` and `on…`

    private State _state;
    private char _quote;
    private string _word = ""; // the last name within a tag
    private bool _isAssigned; // whether `=` stands behind it
    private string _element = "";

    /// <summary>Why a value may not stand here; null where it may.</summary>
    public string? Trouble() => _state switch
    {
        State.Tag or State.Unquoted => "stands in a tag outside of quotes",
        State.Quoted when IsName("style") => "stands in a style",
        State.Quoted when _word.StartsWith("on", StringComparison.OrdinalIgnoreCase) => "stands in a script",
        State.Text when IsStyle() => "stands in a style",
        _ => null,
    };

    /// <summary>Reads on.</summary>
    public void Pass(string text)
    {
        for (var i = 0; i < text.Length; i++)
            if (_state == State.Text)
                i += Outside(text, i);
            else if (_state == State.Quoted)
                _state = text[i] == _quote ? Closed() : State.Quoted;
            else
                Inside(text[i]);
    }

    /// <summary>A tag of Liquid: to the HTML around it, a word.</summary>
    public void PassTag() => (_state, _word) = _state == State.Tag && _isAssigned ? (State.Unquoted, _word) : (_state, _word);

    // What is in a conditional comment of Outlook is HTML as well; what is in any other does no harm.
    private int Outside(string text, int at)
    {
        if (text[at] != '<' || !BeginsTag(text, at + 1))
            return 0;
        var end = Math.Min(at + 2, text.Length);
        while (end < text.Length && char.IsAsciiLetterOrDigit(text[end]))
            end++;
        (_state, _element, _word, _isAssigned) = (State.Tag, text[(at + 1)..end], "", false);
        return end - at - 1;
    }

    // Where a tag of Liquid follows, its value would be the element's name.
    private bool BeginsTag(string text, int at) =>
        at == text.Length ? !IsRaw() : text[at] == '/' || char.IsAsciiLetter(text[at]) && !IsRaw();

    private void Inside(char c)
    {
        if (c == '>')
            (_state, _word, _isAssigned) = (State.Text, "", false);
        else if (_state == State.Unquoted)
            _state = char.IsWhiteSpace(c) ? Closed() : State.Unquoted;
        else if (_isAssigned && c is '"' or '\'')
            (_state, _quote) = (State.Quoted, c);
        else if (_isAssigned && !char.IsWhiteSpace(c))
            _state = State.Unquoted;
        else if (c == '=')
            _isAssigned = true;
        else if (!_isAssigned)
            Name(c);
    }

    private void Name(char c)
    {
        if (char.IsWhiteSpace(c) || c == '/')
            _word += _word.Length > 0 && !_word.EndsWith(' ') ? " " : "";
        else if (_word.EndsWith(' '))
            _word = c.ToString();
        else if (_word.Length < MostOfName)
            _word += c;
    }

    private State Closed()
    {
        (_word, _isAssigned) = ("", false);
        return State.Tag;
    }

    // What is in it is no HTML.
    private bool IsRaw() => IsStyle() || _element.Equals("script", StringComparison.OrdinalIgnoreCase);

    private bool IsStyle() => _element.Equals("style", StringComparison.OrdinalIgnoreCase);

    private bool IsName(string name) => _word.TrimEnd().Equals(name, StringComparison.OrdinalIgnoreCase);
}
