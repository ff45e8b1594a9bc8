namespace Newsletter.Inlining;

/// <summary>Reads a style sheet or the text of a style attribute (CSS Syntax Level 3 §5, CSS Nesting). Takes any text.</summary>
internal sealed class CssParser
{
    /// <summary>Blocks inside blocks beyond this are skipped: nobody writes them, and each costs stack.</summary>
    private const int MaxDepth = 64;

    private static readonly HashSet<string> Groups =
        ["media", "supports", "layer", "container", "scope", "starting-style", "document", "-moz-document"];

    /// <summary>A declaration that no browser takes.</summary>
    private static readonly CssDeclaration Broken = new("", "", false);

    private readonly string text;
    private CssTokenizer tokens;

    private CssParser(string text)
    {
        this.text = text;
        tokens = new CssTokenizer(text);
    }

    public static List<CssNode> ParseStyleSheet(string text) => new CssParser(text).Rules(0);

    /// <summary>The declarations of a style attribute; rules in it are dropped.</summary>
    public static List<CssDeclaration> ParseDeclarations(string text)
    {
        var nodes = new CssParser(text).Block(0);
        var made = new List<CssDeclaration>(nodes.Count);
        foreach (var node in nodes)
            if (node is CssDeclaration declaration)
                made.Add(declaration);
        return made;
    }

    private List<CssNode> Rules(int depth)
    {
        var made = new List<CssNode>();
        while (true)
        {
            var token = tokens.NextSolid();
            if (token.Kind == CssTokenKind.End || (depth > 0 && token.Kind == CssTokenKind.CloseBrace))
                return made;
            if (depth == 0 && token.Kind is CssTokenKind.Cdo or CssTokenKind.Cdc)
                continue;
            Add(made, token.Kind == CssTokenKind.AtKeyword ? AtRule(token, depth, nested: false) : QualifiedRule(token.Start, depth, nested: false));
        }
    }

    /// <summary>What stands between the braces of a style rule: declarations, nested rules, nested groups.</summary>
    private List<CssNode> Block(int depth)
    {
        var made = new List<CssNode>();
        while (true)
        {
            var token = tokens.NextSolid();
            if (token.Kind == CssTokenKind.End || (token.Kind == CssTokenKind.CloseBrace && depth > 0))
                return made;
            if (token.Kind == CssTokenKind.Semicolon)
                continue;
            if (token.Kind == CssTokenKind.AtKeyword)
                Add(made, AtRule(token, depth, nested: true));
            else
                Add(made, (CssNode?)Declaration(token, depth) ?? QualifiedRule(token.Start, depth, nested: true));
        }
    }

    private static void Add(List<CssNode> list, CssNode? node)
    {
        if (node is not null && !ReferenceEquals(node, Broken))
            list.Add(node);
    }

    private CssAtRule? AtRule(CssToken keyword, int depth, bool nested)
    {
        var name = CssText.Unescape(text.AsSpan(keyword.Start + 1, keyword.Length - 1)).ToLowerInvariant();
        var from = tokens.Position;
        var (prelude, stop) = Plain(from, depth) ?? Clean(from, SkipTo(depth, stopAtSemicolon: true), commentAsSpace: true);
        if (stop != CssTokenKind.OpenBrace)
            return new CssAtRule(name, prelude, null, null);
        if (Groups.Contains(name) && depth < MaxDepth)
            return new CssAtRule(name, prelude, nested ? Block(depth + 1) : Rules(depth + 1), null);
        var open = tokens.Position;
        var close = SkipBlock();
        return depth < MaxDepth && CssValue.Block(text, open, close, close < text.Length) is { } inside ? new CssAtRule(name, prelude, null, inside) : null;
    }

    private CssStyleRule? QualifiedRule(int from, int depth, bool nested)
    {
        if (Plain(from, depth) is not (var prelude, CssTokenKind.OpenBrace))
        {
            tokens.Position = from;
            (prelude, var stop) = Clean(from, SkipTo(depth, stopAtSemicolon: nested), commentAsSpace: false);
            if (stop != CssTokenKind.OpenBrace)
                return null;
        }
        if (depth >= MaxDepth)
        {
            SkipBlock();
            return null;
        }
        return new CssStyleRule(prelude, Block(depth + 1));
    }

    /// <summary>A declaration (one without a name where it is broken), or null where a rule stands instead.</summary>
    private CssDeclaration? Declaration(CssToken first, int depth)
    {
        var nameToken = first;
        var hack = first.IsDelim(text, '*'); // *zoom: only Internet Explorer 7 reads it, everybody else drops it
        if (hack)
            nameToken = tokens.Next();
        if (nameToken.Kind != CssTokenKind.Ident || tokens.NextSolid().Kind != CssTokenKind.Colon)
            return null;
        var name = PropertyNames.Read(nameToken.In(text));
        var custom = name.StartsWith("--", StringComparison.Ordinal);
        if (hack)
            name = "*" + name;
        var from = tokens.Position;
        if (Plain(from, depth) is (var plain, var end) && !(custom && end == CssTokenKind.OpenBrace))
            return end == CssTokenKind.OpenBrace ? null : Declaration(name, CssValue.SplitImportance(plain), custom);
        tokens.Position = from;
        var stop = SkipTo(depth, stopAtSemicolon: true, stopAtBrace: !custom);
        if (stop.Kind == CssTokenKind.OpenBrace)
            return null;
        if (stop.Kind == CssTokenKind.CloseBrace)
            tokens.Position = stop.Start;
        return CssValue.Read(text, from, stop.Start) is { } read ? Declaration(name, read, custom) : Broken;
    }

    private static CssDeclaration Declaration(string name, (string Value, bool Important) read, bool custom) =>
        read.Value.Length > 0 || custom ? new CssDeclaration(name, read.Value, read.Important) : Broken;

    /// <summary>The text up to what ends it, and past that (but for a brace that closes), if no tokenizer is needed; null if one is.</summary>
    private (string Text, CssTokenKind Stop)? Plain(int from, int depth)
    {
        if (!PlainText.Find(text, from, out var found) || (found.Stop == '}' && depth == 0) || found.Read() is not { } read)
            return null;
        tokens.Position = found.Stop is ';' or '{' ? found.StopAt + 1 : found.StopAt;
        return (read, found.Stop switch
        {
            ';' => CssTokenKind.Semicolon,
            '{' => CssTokenKind.OpenBrace,
            '}' => CssTokenKind.CloseBrace,
            _ => CssTokenKind.End,
        });
    }

    private (string Text, CssTokenKind Stop) Clean(int from, CssToken stop, bool commentAsSpace)
    {
        if (stop.Kind == CssTokenKind.CloseBrace)
            tokens.Position = stop.Start;
        return (CssValue.Clean(text, from, stop.Start, commentAsSpace), stop.Kind);
    }

    /// <summary>Goes to the next <c>{</c>, <c>}</c> (inside a block) or, if asked, <c>;</c> outside of any bracket, and past it.</summary>
    private CssToken SkipTo(int depth, bool stopAtSemicolon, bool stopAtBrace = true)
    {
        var open = 0;
        var braces = 0;
        while (true)
        {
            var token = tokens.Next();
            switch (token.Kind)
            {
                case CssTokenKind.End:
                case CssTokenKind.Semicolon when stopAtSemicolon && open == 0 && braces == 0:
                case CssTokenKind.OpenBrace when stopAtBrace && open == 0:
                case CssTokenKind.CloseBrace when depth > 0 && braces == 0 && open == 0:
                    return token;
                case CssTokenKind.OpenParen or CssTokenKind.OpenBracket or CssTokenKind.Function:
                    open++;
                    break;
                case CssTokenKind.CloseParen or CssTokenKind.CloseBracket:
                    open = Math.Max(0, open - 1);
                    break;
                case CssTokenKind.OpenBrace:
                    braces++;
                    break;
                case CssTokenKind.CloseBrace:
                    braces = Math.Max(0, braces - 1);
                    break;
            }
        }
    }

    /// <summary>Goes past the closing brace of a block whose opening one was read; says where that brace stands.</summary>
    private int SkipBlock()
    {
        for (var depth = 1; ;)
        {
            var token = tokens.Next();
            if (token.Kind == CssTokenKind.End)
                return token.Start;
            depth += token.Kind switch { CssTokenKind.OpenBrace => 1, CssTokenKind.CloseBrace => -1, _ => 0 };
            if (depth == 0)
                return token.Start;
        }
    }
}
