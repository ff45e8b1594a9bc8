using System.Globalization;
using System.Net;
using System.Text;

namespace Newsletter.Replies;

/// <summary>Writes the tags that may stand in a page of ours: allowed elements with the few attributes that can do nothing but show.</summary>
internal static class SafeTag
{
    private const int LongestAddress = 2_000;
    private const int LongestAlt = 300;
    private const int LongestData = 1_500_000;
    private const int MostSpan = 50;
    private static readonly string[] Pictures = ["data:image/png;base64,", "data:image/jpeg;base64,", "data:image/gif;base64,", "data:image/webp;base64,"];

    public static string Open(string name, bool isHeading, IReadOnlyList<(string Name, string Value)> attributes)
    {
        var tag = new StringBuilder("<").Append(name).Append(isHeading ? " class=\"head\"" : "");
        if (Value(attributes, "dir")?.ToLowerInvariant() is ("ltr" or "rtl" or "auto") and var direction)
            tag.Append(CultureInfo.InvariantCulture, $" dir=\"{direction}\"");
        if (name is "td" or "th")
            foreach (var span in (string[])["colspan", "rowspan"])
                if (int.TryParse(Value(attributes, span), out var count) && count is > 1 and <= MostSpan)
                    tag.Append(CultureInfo.InvariantCulture, $" {span}=\"{count}\"");
        if (name is "ol" && int.TryParse(Value(attributes, "start"), out var start) && start is > 0 and < 10_000)
            tag.Append(CultureInfo.InvariantCulture, $" start=\"{start}\"");
        return tag.Append('>').ToString();
    }

    /// <summary>A link that leads where it says, in a window of its own that knows nothing of ours; null where its address is none of the web or of mail.</summary>
    public static (string Open, string Host)? Link(string? href)
    {
        var address = href?.Trim() ?? "";
        if (address.Length is 0 or > LongestAddress || !Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https" or "mailto") || uri.AbsoluteUri.Length > LongestAddress)
            return null;
        return ($"<a href=\"{WebUtility.HtmlEncode(uri.AbsoluteUri)}\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">", uri.Scheme is "mailto" ? "" : uri.IdnHost);
    }

    /// <summary>Behind the words of a link that look like an address of another host: where it leads.</summary>
    public static string Warning(string words, string host)
    {
        var shown = words.Trim();
        if (host.Length == 0 || shown.Length is 0 or > 200 || shown.Contains(' ') || !shown.Contains('.'))
            return "";
        var named = Uri.TryCreate(shown.Contains("://", StringComparison.Ordinal) ? shown : $"http://{shown}", UriKind.Absolute, out var uri) ? uri.IdnHost : "";
        return named.Length == 0 || !named.Contains('.') || shown.Contains('@') || Bare(named) == Bare(host) ? "" : $" <span class=\"goes\">(leads to {WebUtility.HtmlEncode(host)})</span>";
    }

    /// <summary>An image of the mail itself, or words in its place.</summary>
    /// <param name="attributes">Those of the element.</param>
    /// <param name="imageOf">The address on our site of an image of the mail, by its Content-ID; null where it has none that can be shown.</param>
    public static string Image(IReadOnlyList<(string Name, string Value)> attributes, Func<string, string?> imageOf)
    {
        var (source, alt) = (Value(attributes, "src")?.Trim() ?? "", Alt(attributes));
        var shown = source.StartsWith("cid:", StringComparison.OrdinalIgnoreCase) ? imageOf(Unescaped(source[4..])) : IsData(source) ? source : null;
        return shown is null ? $"<span class=\"unseen\">[image{(alt.Length > 0 ? ": " + WebUtility.HtmlEncode(alt) : "")}]</span>" : $"<img src=\"{WebUtility.HtmlEncode(shown)}\" alt=\"{WebUtility.HtmlEncode(alt)}\" loading=\"lazy\">";
    }

    public static string Alt(IReadOnlyList<(string Name, string Value)> attributes) => Value(attributes, "alt")?.ReplaceLineEndings(" ").Trim() is { } alt ? alt[..Math.Min(alt.Length, LongestAlt)] : "";

    public static string? Value(IReadOnlyList<(string Name, string Value)> attributes, string name)
    {
        foreach (var attribute in attributes)
            if (attribute.Name == name)
                return attribute.Value;
        return null;
    }

    private static bool IsData(string source) => source.Length <= LongestData && Pictures.FirstOrDefault(start => source.StartsWith(start, StringComparison.OrdinalIgnoreCase)) is { } found
                                                 && source.AsSpan(found.Length).IndexOfAnyExcept(Base64) < 0;

    private static readonly System.Buffers.SearchValues<char> Base64 = System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/= \r\n");

    private static string Unescaped(string id)
    {
        try { return Uri.UnescapeDataString(id); }
        catch (UriFormatException) { return id; }
    }

    private static string Bare(string host) => host.StartsWith("www.", StringComparison.OrdinalIgnoreCase) ? host[4..].ToLowerInvariant() : host.ToLowerInvariant();
}
