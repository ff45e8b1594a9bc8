using System.Text;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Newsletter.Issues;

namespace Newsletter.Composing.Body;

/// <summary>The list of what is in the issue: a paragraph <c>[[contents]]</c> becomes a list of the headings behind it; <c>[[contents: 2]]</c> goes two levels deep.</summary>
/// <remarks>
/// On the web each leads to its heading. In the letter they are words alone: local anchors do nothing in Gmail and Outlook on telephones and in Samsung's
/// program, and open another window in some (caniemail, html-anchor-links); a list that looks like links and leads nowhere would be the first thing a reader tries.
/// </remarks>
internal static class ContentsList
{
    private const int MaxEntries = 200;
    private const int MaxLists = 10;

    public static void Fill(MarkdownDocument document, BodyScope scope, BodyProblems problems)
    {
        var paragraphs = document.Descendants<ParagraphBlock>().Where(paragraph => Snippets.AskedFor(paragraph, FillIn.Contents) is not null).ToList();
        if (paragraphs.Count == 0)
            return;

        var order = document.Descendants<LeafBlock>().Where(block => block is HeadingBlock or ParagraphBlock).Select((block, index) => (Block: block, Key: $"h{index}")).ToList();
        foreach (var paragraph in paragraphs.Skip(MaxLists))
        {
            problems.Add(problems.At(paragraph), Severity.Error, "markdown-hostile", $"more than {MaxLists} lists of contents in one issue: this one is left out", "one is enough");
            paragraph.Parent!.Remove(paragraph);
        }
        foreach (var paragraph in paragraphs.Take(MaxLists))
        {
            var asked = Snippets.AskedFor(paragraph, FillIn.Contents)!.Argument;
            var levels = asked.Length == 0 ? 1 : int.TryParse(asked, out var number) && number is >= 1 and <= 3 ? number : 0;
            if (levels == 0)
                problems.Add(problems.At(paragraph), Severity.Warning, "contents-levels", $"`{asked}` is no number of levels", "write [[contents]], [[contents: 2]] or [[contents: 3]]");
            var headings = order.SkipWhile(entry => entry.Block != paragraph).Where(entry => entry.Block is HeadingBlock && Plain(entry.Block.Inline).Length > 0).Take(MaxEntries).ToList();
            if (headings.Count == 0)
                problems.Add(problems.At(paragraph), Severity.Warning, "contents-empty", "there is no heading behind it to list", "write it before the headings");
            Replace(paragraph, headings, Math.Max(1, levels), scope);
        }
    }

    /// <summary>The words of a line without any marks.</summary>
    public static string Plain(ContainerInline? inline)
    {
        var text = new StringBuilder();
        foreach (var node in inline?.Descendants() ?? [])
            _ = node switch
            {
                LiteralInline literal => text.Append(literal.Content.AsSpan()),
                CodeInline code => text.Append(code.Content),
                AutolinkInline auto => text.Append(auto.Url),
                HtmlEntityInline entity => text.Append(entity.Transcoded.AsSpan()),
                LineBreakInline => text.Append(' '),
                _ => text,
            };
        return text.ToString().Trim();
    }

    private static void Replace(ParagraphBlock paragraph, List<(LeafBlock Block, string Key)> headings, int levels, BodyScope scope)
    {
        var parent = paragraph.Parent!;
        var at = parent.IndexOf(paragraph);
        parent.RemoveAt(at);
        if (headings.Count == 0)
            return;

        var (top, list) = (headings.Min(entry => Level(entry.Block)), NewList());
        list.GetAttributes().AddClass("contents");
        foreach (var (heading, key) in headings.Where(entry => Level(entry.Block) < top + levels))
        {
            var into = list;
            for (var level = top; level < Level(heading) && into.LastChild is ListItemBlock item; level++)
                into = item.LastChild as ListBlock ?? Nested(item);
            into.Add(Item(heading, key, scope));
        }
        parent.Insert(at, list);
    }

    private static ListItemBlock Item(LeafBlock heading, string key, BodyScope scope)
    {
        var words = new ContainerInline();
        var text = new LiteralInline(Plain(heading.Inline));
        words.AppendChild(scope.IsMail ? text : CrossLinks.To(heading, key, new LinkInline("#", "") { IsClosed = true }.AppendChild(text)));
        return new ListItemBlock(null!) { new ParagraphBlock { Inline = words, Line = heading.Line } };
    }

    private static int Level(LeafBlock heading) => ((HeadingBlock)heading).Level;

    private static ListBlock Nested(ListItemBlock item)
    {
        var list = NewList();
        item.Add(list);
        return list;
    }

    private static ListBlock NewList() => new(null!) { BulletType = '-' };
}
