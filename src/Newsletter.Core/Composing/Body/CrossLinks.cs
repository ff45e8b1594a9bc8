using AngleSharp.Dom;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Newsletter.Composing.Body;

/// <summary>Links that we make to places in the same text: both ends carry a key until all ids are known, for an author may have taken any id.</summary>
internal static class CrossLinks
{
    private const string At = "data-at";
    private const string Towards = "data-to";

    /// <summary>Marks a link as leading to a block, and the block as its end.</summary>
    /// <param name="target">Gets the key, unless it has one.</param>
    /// <param name="key">Different for each block.</param>
    /// <param name="link">The link.</param>
    public static Inline To(Block target, string key, ContainerInline link)
    {
        var attributes = target.GetAttributes();
        if (attributes.Properties?.Find(property => property.Key == At).Value is { } given)
            key = given;
        else
            attributes.AddProperty(At, key);
        link.GetAttributes().AddProperty(Towards, key);
        return link;
    }

    /// <summary>Whether a link leads to it.</summary>
    public static bool IsEnd(IElement element) => element.HasAttribute(At);

    /// <summary>The attributes of both ends, for HTML that is written by hand.</summary>
    public static string End(string key) => $" {At}=\"{key}\"";

    public static string Start(string key) => $" {Towards}=\"{key}\" href=\"#\"";

    /// <summary>Every link gets the id of its end, and the keys go.</summary>
    public static void Settle(IElement body)
    {
        var ids = new Dictionary<string, string>();
        foreach (var end in body.QuerySelectorAll($"[{At}]"))
        {
            ids.TryAdd(end.GetAttribute(At)!, end.Id ?? "");
            end.RemoveAttribute(At);
        }
        foreach (var link in body.QuerySelectorAll($"[{Towards}]"))
        {
            link.SetAttribute("href", "#" + ids.GetValueOrDefault(link.GetAttribute(Towards)!, ""));
            link.RemoveAttribute(Towards);
        }
    }
}
