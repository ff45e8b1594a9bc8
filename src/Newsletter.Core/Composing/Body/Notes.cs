using Markdig.Extensions.Footnotes;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using System.Globalization;

namespace Newsletter.Composing.Body;

/// <summary>Footnotes: numbered as this medium meets them, at the end of the text, with a way back.</summary>
/// <remarks>
/// In the letter as well, since the number tells all where a program does not follow local anchors. Gmail and Outlook follow them only to an <c>a</c>
/// with a <c>name</c> (caniemail, html-anchor-links), so each link is the other's end, as Word writes them too. The way back stands before the note's
/// words: a jump that lands on their end would leave them above the window.
/// </remarks>
internal static class Notes
{
    /// <summary>Notes that nothing refers to in this medium go; the others are numbered in the order of the text.</summary>
    public static void Settle(MarkdownDocument document)
    {
        if (document.OfType<FootnoteGroup>().FirstOrDefault() is not { } group)
            return;

        var all = document.Descendants<FootnoteLink>().ToList();
        var (numbers, indexes) = (new Dictionary<Footnote, int>(), new Dictionary<int, int>());
        foreach (var link in all.Where(link => !link.IsBackLink))
        {
            numbers.TryAdd(link.Footnote, numbers.Count + 1);
            indexes.TryAdd(link.Index, indexes.Count + 1);
            (link.Footnote.Order, link.Index) = (numbers[link.Footnote], indexes[link.Index]);
        }
        var backs = all.Where(link => link.IsBackLink && indexes.ContainsKey(link.Index)).ToList();
        foreach (var back in all.Where(link => link.IsBackLink))
            back.Remove();
        foreach (var back in backs)
            back.Index = indexes[back.Index];

        var notes = group.OfType<Footnote>().Where(numbers.ContainsKey).OrderBy(note => note.Order).ToList();
        group.Clear();
        notes.ForEach(group.Add);
        if (notes.Count == 0)
            document.Remove(group);
        foreach (var note in notes)
            Begin(note, backs.Where(back => back.Footnote == note).OrderBy(back => back.Index));
    }

    private static void Begin(Footnote note, IEnumerable<FootnoteLink> backs)
    {
        if (note.LastChild is ParagraphBlock { Inline.FirstChild: null } emptied)
            note.Remove(emptied);
        if (note.FirstOrDefault() is not ParagraphBlock { Inline: { } inline })
            note.Insert(0, new ParagraphBlock { Inline = inline = new() });

        foreach (var back in backs.Reverse())
            if (inline.FirstChild is { } first)
                first.InsertBefore(back);
            else
                inline.AppendChild(back);
    }

    /// <summary>The number as small figures, which plain text has: no brackets that could be taken for those of links.</summary>
    public static string Raised(int number) => string.Concat(number.ToString(CultureInfo.InvariantCulture).Select(digit => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit - '0']));

    internal sealed class LinkWriter : HtmlObjectRenderer<FootnoteLink>
    {
        protected override void Write(HtmlRenderer renderer, FootnoteLink obj)
        {
            var (note, place) = ($"fn-{obj.Footnote.Order}", $"fnref-{obj.Index}");
            if (!obj.IsBackLink)
                renderer.Write($"<sup class=\"note\"><a{End(place)}{CrossLinks.Start(note)}>{obj.Footnote.Order}</a></sup>");
            else
                renderer.Write($"<a{(obj.PreviousSibling is FootnoteLink ? "" : End(note))}{CrossLinks.Start(place)} aria-label=\"back to the text\">\u2191</a> ");
        }

        private static string End(string id) => $" id=\"{id}\" name=\"{id}\"{CrossLinks.End(id)}";
    }

    internal sealed class GroupWriter : HtmlObjectRenderer<FootnoteGroup>
    {
        protected override void Write(HtmlRenderer renderer, FootnoteGroup obj)
        {
            renderer.EnsureLine().WriteLine("<div class=\"notes\">").WriteLine("<hr>").WriteLine("<ol>");
            foreach (var note in obj.OfType<Footnote>())
            {
                renderer.Write("<li>");
                renderer.WriteChildren(note);
                renderer.WriteLine("</li>");
            }
            renderer.WriteLine("</ol>").WriteLine("</div>");
        }
    }
}
