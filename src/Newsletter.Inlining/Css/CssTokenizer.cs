namespace Newsletter.Inlining;

/// <summary>Cuts CSS into tokens (CSS Syntax Level 3 §4.3). Takes any text, never throws, always goes forward.</summary>
internal struct CssTokenizer(string text, int start, int end)
{
    public CssTokenizer(string text) : this(text, 0, text.Length) { }

    /// <summary>Where the next token begins; may be set back to read again.</summary>
    public int Position = start;

    private readonly char this[int index] => (uint)index < (uint)end ? text[index] : '\0';

    public CssToken Next()
    {
        var from = Position;
        var kind = from >= end ? CssTokenKind.End : Read();
        return new CssToken(kind, from, Position);
    }

    /// <summary>The next token that is neither white space nor comment.</summary>
    public CssToken NextSolid()
    {
        var token = Next();
        while (token.IsBlank)
            token = Next();
        return token;
    }

    private CssTokenKind Read()
    {
        var c = this[Position];
        if (CssText.IsSpace(c))
            return Whitespace();
        if (CssText.IsNameStart(c))
            return IdentLike();
        if (char.IsAsciiDigit(c))
            return Numeric();
        switch (c)
        {
            case '/' when this[Position + 1] == '*': return Comment();
            case '"' or '\'': return String(c);
            case '#' when StartsName(Position + 1): return Name(1, CssTokenKind.Hash);
            case '@' when StartsIdent(Position + 1): return Name(1, CssTokenKind.AtKeyword);
            case '\\' when StartsEscape(Position): return IdentLike();
            case '+' or '.' when StartsNumber(Position): return Numeric();
            case '-': return Minus();
            case '<' when this[Position + 1] == '!' && this[Position + 2] == '-' && this[Position + 3] == '-': return Take(4, CssTokenKind.Cdo);
            default: return Take(1, Punctuation(c));
        }
    }

    private static CssTokenKind Punctuation(char c) => c switch
    {
        ':' => CssTokenKind.Colon,
        ';' => CssTokenKind.Semicolon,
        ',' => CssTokenKind.Comma,
        '{' => CssTokenKind.OpenBrace,
        '}' => CssTokenKind.CloseBrace,
        '(' => CssTokenKind.OpenParen,
        ')' => CssTokenKind.CloseParen,
        '[' => CssTokenKind.OpenBracket,
        ']' => CssTokenKind.CloseBracket,
        _ => CssTokenKind.Delim,
    };

    private CssTokenKind Take(int count, CssTokenKind kind)
    {
        Position += count;
        return kind;
    }

    private CssTokenKind Whitespace()
    {
        var at = Position;
        while (at < end && CssText.IsSpace(text[at]))
            at++;
        Position = at;
        return CssTokenKind.Whitespace;
    }

    private CssTokenKind Comment()
    {
        var close = text.IndexOf("*/", Position + 2, Math.Max(0, end - Position - 2), StringComparison.Ordinal);
        Position = close < 0 ? end : close + 2;
        return CssTokenKind.Comment;
    }

    private CssTokenKind String(char quote)
    {
        for (Position++; Position < end; Position++)
        {
            var c = text[Position];
            if (c == quote)
                return Take(1, CssTokenKind.String);
            if (c is '\n' or '\r' or '\f')
                return CssTokenKind.BadString;
            if (c != '\\')
                continue;
            Position++; // what is escaped, a line break too; CR LF is one
            if (this[Position] == '\r' && this[Position + 1] == '\n')
                Position++;
        }
        Position = end;
        return CssTokenKind.String;
    }

    private CssTokenKind Minus()
    {
        if (StartsNumber(Position))
            return Numeric();
        if (this[Position + 1] == '-' && this[Position + 2] == '>')
            return Take(3, CssTokenKind.Cdc);
        return StartsIdent(Position) ? IdentLike() : Take(1, CssTokenKind.Delim);
    }

    private CssTokenKind Name(int skip, CssTokenKind kind)
    {
        for (var at = Position + skip; ;)
        {
            while (at < end && CssText.IsNameChar(text[at]))
                at++;
            Position = at;
            if (!StartsEscape(at))
                return kind;
            Escape();
            at = Position;
        }
    }

    private void Escape()
    {
        Position++;
        var digits = 0;
        while (digits < 6 && Position < end && char.IsAsciiHexDigit(text[Position]))
            (Position, digits) = (Position + 1, digits + 1);
        if (digits == 0)
            Position = Math.Min(end, Position + 1);
        else if (this[Position] == '\r' && this[Position + 1] == '\n')
            Position += 2;
        else if (Position < end && CssText.IsSpace(text[Position]))
            Position++;
    }

    private CssTokenKind Numeric()
    {
        if (this[Position] is '+' or '-')
            Position++;
        Digits();
        if (this[Position] == '.' && char.IsAsciiDigit(this[Position + 1]))
            (Position, _) = (Position + 1, 0);
        Digits();
        if (this[Position] is 'e' or 'E' && (char.IsAsciiDigit(this[Position + 1]) || (this[Position + 1] is '+' or '-' && char.IsAsciiDigit(this[Position + 2]))))
        {
            Position += 2;
            Digits();
        }
        if (this[Position] == '%')
            return Take(1, CssTokenKind.Percentage);
        return StartsIdent(Position) ? Name(0, CssTokenKind.Dimension) : CssTokenKind.Number;
    }

    private void Digits()
    {
        while (char.IsAsciiDigit(this[Position]))
            Position++;
    }

    private CssTokenKind IdentLike()
    {
        var from = Position;
        Name(0, CssTokenKind.Ident);
        if (this[Position] != '(')
            return CssTokenKind.Ident;
        var isUrl = Position - from == 3 && text.AsSpan(from, 3).Equals("url", StringComparison.OrdinalIgnoreCase);
        Position++;
        return isUrl ? Url() : CssTokenKind.Function;
    }

    private CssTokenKind Url()
    {
        var at = Position;
        while (CssText.IsSpace(this[at]))
            at++;
        if (this[at] is '"' or '\'')
            return CssTokenKind.Function;
        for (Position = at; Position < end; Position++)
        {
            var c = text[Position];
            if (c == ')')
                return Take(1, CssTokenKind.Url);
            if (CssText.IsSpace(c))
                return EndOfUrl();
            if (c is '"' or '\'' or '(' || char.IsControl(c) || (c == '\\' && !StartsEscape(Position)))
                return BadUrl();
            if (c == '\\')
                Position++;
        }
        Position = end;
        return CssTokenKind.Url;
    }

    private CssTokenKind EndOfUrl()
    {
        Whitespace();
        if (Position >= end)
            return CssTokenKind.Url;
        return text[Position] == ')' ? Take(1, CssTokenKind.Url) : BadUrl();
    }

    private CssTokenKind BadUrl()
    {
        for (; Position < end; Position++)
        {
            if (text[Position] == ')')
                return Take(1, CssTokenKind.BadUrl);
            if (text[Position] == '\\')
                Position++;
        }
        Position = end;
        return CssTokenKind.BadUrl;
    }

    private readonly bool StartsName(int at) => at < end && (CssText.IsNameChar(text[at]) || StartsEscape(at));

    private readonly bool StartsEscape(int at) => this[at] == '\\' && at + 1 < end && this[at + 1] is not ('\n' or '\r' or '\f');

    private readonly bool StartsIdent(int at) => this[at] switch
    {
        '-' => this[at + 1] == '-' || CssText.IsNameStart(this[at + 1]) || StartsEscape(at + 1),
        '\\' => StartsEscape(at),
        var c => at < end && CssText.IsNameStart(c),
    };

    private readonly bool StartsNumber(int at)
    {
        if (this[at] is '+' or '-')
            at++;
        return char.IsAsciiDigit(this[at]) || (this[at] == '.' && char.IsAsciiDigit(this[at + 1]));
    }
}
