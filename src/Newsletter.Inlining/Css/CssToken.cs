namespace Newsletter.Inlining;

/// <summary>The tokens of CSS Syntax Level 3 §4, with comments told apart so that a reader may drop them.</summary>
internal enum CssTokenKind : byte
{
    End, Whitespace, Comment, Ident, Function, AtKeyword, Hash, String, BadString, Url, BadUrl,
    Number, Percentage, Dimension, Delim, Colon, Semicolon, Comma,
    OpenBrace, CloseBrace, OpenParen, CloseParen, OpenBracket, CloseBracket, Cdo, Cdc,
}

/// <summary>A token as a span of the text; nothing is copied until somebody asks for it.</summary>
internal readonly record struct CssToken(CssTokenKind Kind, int Start, int End)
{
    public int Length => End - Start;

    public ReadOnlySpan<char> In(string text) => text.AsSpan(Start, End - Start);

    public bool IsDelim(string text, char delim) => Kind == CssTokenKind.Delim && text[Start] == delim;

    public bool IsBlank => Kind is CssTokenKind.Whitespace or CssTokenKind.Comment;
}
