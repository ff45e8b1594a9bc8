using AngleSharp.Dom;

namespace Newsletter.Composing.Body;

/// <summary>Words and images that an author's HTML puts between the blocks of an issue are paragraphs, as in Markdown: without one they stick to what is below.</summary>
internal static class LooseWords
{
    /// <param name="body">In shape.</param>
    /// <param name="writer">Notes where a paragraph begins and ends.</param>
    /// <param name="placeholders">Tags of a choice between blocks belong to neither.</param>
    public static void Wrap(IElement body, HtmlWriter writer, Placeholders placeholders)
    {
        List<INode> run = [];
        foreach (var child in body.ChildNodes)
            if (child is IElement element && HtmlRules.Blocks.Contains(element.LocalName) || HoldsChoice(child, placeholders))
                Close(run, writer);
            else if (run.Count > 0 || IsShown(child))
                run.Add(child);
        Close(run, writer);
    }

    private static bool HoldsChoice(INode node, Placeholders placeholders) =>
        Placeholders.MayBeIn(node.TextContent) && placeholders.Pattern.Matches(node.TextContent).Any(match => placeholders.TagOf(match) is { Kind: not TagKind.Output });

    // A place to link to, or a line break, is no paragraph.
    private static bool IsShown(INode node) => node is IText text ? !string.IsNullOrWhiteSpace(text.Data)
        : node is IElement element && (element.LocalName == "img" || element.QuerySelector("img") is not null || !string.IsNullOrWhiteSpace(element.TextContent));

    private static void Close(List<INode> run, HtmlWriter writer)
    {
        var last = run.FindLastIndex(IsShown);
        if (last >= 0)
            writer.Wrap(run[0], run[last], "p");
        run.Clear();
    }
}
