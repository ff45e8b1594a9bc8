using System.Globalization;
using Markdig.Extensions.CustomContainers;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Newsletter.Issues;

namespace Newsletter.Composing.Body;

/// <summary>A link that looks like a button, on a line of its own.</summary>
internal sealed class ButtonBlock : LeafBlock
{
    public ButtonBlock(LinkInline link)
        : base(null)
    {
        (Line, Column) = (link.Line, link.Column);
        link.Remove();
        Inline = new ContainerInline();
        Inline.AppendChild(link);
    }
}

/// <summary>Makes buttons and figures of the parts that ask for them.</summary>
internal static class Forms
{
    public static void Shape(MarkdownDocument document, BodyProblems problems)
    {
        foreach (var part in document.Descendants<CustomContainer>().ToList())
            if (part.Info == Containers.Button)
                ShapeButtons(part, problems);
            else if (part.Info == Containers.Figure)
                ShapeFigure(part, problems);
        foreach (var paragraph in document.Descendants<ParagraphBlock>().ToList())
            if (paragraph.Inline is { } words && words.FirstChild is LinkInline { IsImage: false } link && ReferenceEquals(link, words.LastChild) && link.TryGetAttributes()?.Classes?.Contains("button") == true)
                Replace(paragraph, [link]);
    }

    private static void ShapeButtons(CustomContainer part, BodyProblems problems)
    {
        var isFound = false;
        foreach (var paragraph in part.Descendants<ParagraphBlock>().ToList())
        {
            var links = paragraph.Inline?.OfType<LinkInline>().Where(link => !link.IsImage && link.FirstChild is not null).ToList() ?? [];
            isFound |= links.Count > 0;
            if (links.Count > 0)
                Replace(paragraph, links);
        }
        if (!isFound)
            problems.Add(problems.At(part), Severity.Warning, "button-empty", "there is no link to make a button of", "write [words](address) between `::: button` and `:::`");
    }

    // What stands between the links is kept, as a paragraph before them.
    private static void Replace(ParagraphBlock paragraph, List<LinkInline> links)
    {
        var parent = paragraph.Parent!;
        var at = parent.IndexOf(paragraph);
        var buttons = links.ConvertAll(link => new ButtonBlock(link));
        if (paragraph.Inline!.All(rest => rest is LineBreakInline || rest is LiteralInline literal && literal.Content.AsSpan().IsWhiteSpace()))
            parent.RemoveAt(at--);
        foreach (var button in buttons)
            parent.Insert(++at, button);
    }

    private static void ShapeFigure(CustomContainer part, BodyProblems problems)
    {
        Snippets.Open(part);
        if (part.FirstOrDefault() is not ParagraphBlock { Inline: { FirstChild: { } first } words } paragraph || Image(first) is not { } image)
        {
            problems.Add(problems.At(part), Severity.Warning, "figure-empty", "a figure begins with an image", "write ![what it shows](address) behind `::: figure`, and the caption below");
            return;
        }

        var width = int.TryParse(part.Arguments?.Replace("px", "", StringComparison.Ordinal), NumberStyles.None, CultureInfo.InvariantCulture, out var pixels) && pixels is > 0 and < 10_000 ? pixels : 0;
        if (width > 0)
            image.GetAttributes().AddPropertyIfNotExist("width", width.ToString(CultureInfo.InvariantCulture));
        else if (part.Arguments?.Length > 0)
            problems.Add(problems.At(part), Severity.Warning, "figure-width", $"`{part.Arguments}` is no width", "write the width in pixels: `::: figure 320`");
        if (Rest(words, first) is { } caption)
            part.Insert(1, new ParagraphBlock { Inline = caption, Line = paragraph.Line + 1 });
        foreach (var words2 in part.Skip(1).OfType<ParagraphBlock>())
            words2.GetAttributes().AddClass("caption");
    }

    private static LinkInline? Image(Inline inline) => inline switch
    {
        LinkInline { IsImage: true } image => image,
        LinkInline { FirstChild: LinkInline { IsImage: true } image } link when ReferenceEquals(link.LastChild, image) => image,
        _ => null,
    };

    private static ContainerInline? Rest(ContainerInline words, Inline first)
    {
        while (first.NextSibling is { } next && (next is LineBreakInline || next is LiteralInline literal && literal.Content.AsSpan().IsWhiteSpace()))
            next.Remove();
        if (first.NextSibling is null)
            return null;

        var rest = new ContainerInline();
        while (first.NextSibling is { } next)
        {
            next.Remove();
            rest.AppendChild(next);
        }
        return rest;
    }

    /// <summary>In the letter a table of one cell: Word takes the padding from the cell (<c>mso-padding-alt</c>), all others from the link.</summary>
    internal sealed class ButtonWriter(bool isMail) : HtmlObjectRenderer<ButtonBlock>
    {
        protected override void Write(HtmlRenderer renderer, ButtonBlock obj)
        {
            renderer.EnsureLine().Write(isMail ? "<table class=\"button\" role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr><td>" : "<p class=\"button\">");
            renderer.WriteLeafInline(obj);
            renderer.WriteLine(isMail ? "</td></tr></table>" : "</p>");
        }
    }

    /// <summary>What is left of the parts: those of a medium are their content, a figure has an element around it. Mail programs drop <c>figure</c>, so there it is a <c>div</c>.</summary>
    internal sealed class PartWriter(bool isMail) : HtmlObjectRenderer<CustomContainer>
    {
        protected override void Write(HtmlRenderer renderer, CustomContainer obj)
        {
            if (obj.Info != Containers.Figure || obj.Count == 0)
            {
                renderer.WriteChildren(obj);
                return;
            }

            renderer.EnsureLine().WriteLine(isMail ? "<div class=\"figure\">" : "<figure class=\"figure\">");
            renderer.Render(obj[0]);
            renderer.Write(isMail || obj.Count == 1 ? "" : "<figcaption>");
            foreach (var block in obj.Skip(1))
                renderer.Render(block);
            renderer.Write(isMail || obj.Count == 1 ? "" : "</figcaption>").WriteLine(isMail ? "</div>" : "</figure>");
        }
    }
}
