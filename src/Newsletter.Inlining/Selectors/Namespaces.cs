namespace Newsletter.Inlining;

/// <summary>What a selector asks about the namespace of an element.</summary>
internal enum Space : byte { Any, None, Html, Svg, Math, Other }

/// <summary>The @namespace rules of one style sheet (CSS Namespaces 3).</summary>
internal sealed class Namespaces
{
    private readonly Dictionary<string, Space> byPrefix = new(StringComparer.Ordinal);

    public static Namespaces None { get; } = new();

    /// <summary>What names without a prefix are in.</summary>
    public Space Default { get; private set; }

    public static Space Of(Node node) => node.IsHtml ? Space.Html : node.IsSvg ? Space.Svg : Space.Math;

    /// <summary>Null for a prefix that was not declared.</summary>
    public Space? Find(ReadOnlySpan<char> prefix) =>
        prefix is "*" ? Space.Any : byPrefix.TryGetValue(CssText.Unescape(prefix), out var space) ? space : null;

    /// <summary>Takes what stands behind @namespace: a prefix, if any, and an address.</summary>
    public void Add(string prelude)
    {
        var tokens = new CssTokenizer(prelude);
        var token = tokens.NextSolid();
        var prefix = token.Kind == CssTokenKind.Ident ? CssText.Unescape(token.In(prelude)) : null;
        if (prefix is not null)
            token = tokens.NextSolid();
        var address = token.Kind == CssTokenKind.String ? CssText.Unquote(token.In(prelude)) : Addresses.ReadUrl(prelude, ref tokens, token);
        if (address is null)
            return;
        var space = address switch
        {
            "http://www.w3.org/1999/xhtml" => Space.Html,
            "http://www.w3.org/2000/svg" => Space.Svg,
            "http://www.w3.org/1998/Math/MathML" => Space.Math,
            "" => Space.None,
            _ => Space.Other,
        };
        if (prefix is null)
            Default = space;
        else
            byPrefix[prefix] = space;
    }
}
