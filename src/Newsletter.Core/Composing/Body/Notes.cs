using Markdig.Extensions.Footnotes;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using System.Globalization;

namespace Newsletter.Composing.Body;

/// <summary>Footnotes: numbered as this medium meets them, at the end of the text, with a way back.</summary>
/// <remarks>
/// In the letter as well, since the number tells all where a program does not follow local anchors. Gmail and Outlook follow them only to an empty
/// <c>a</c> with a <c>name</c> (caniemail, html-anchor-links).
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
        foreach (var back in all.Where(link => link.IsBackLink))
            if (indexes.TryGetValue(back.Index, out var index))
                back.Index = index;
            else
                back.Remove();

        var notes = group.OfType<Footnote>().Where(numbers.ContainsKey).OrderBy(note => note.Order).ToList();
        group.Clear();
        notes.ForEach(group.Add);
        if (notes.Count == 0)
            document.Remove(group);
    }

    /// <summary>The number as small figures, which plain text has: no brackets that could be taken for those of links.</summary>
    public static string Raised(int number) => string.Concat(number.ToString(CultureInfo.InvariantCulture).Select(digit => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit - '0']));

    internal sealed class LinkWriter : HtmlObjectRenderer<FootnoteLink>
    {
        protected override void Write(HtmlRenderer renderer, FootnoteLink obj)
        {
            if (obj.IsBackLink)
                renderer.Write($" <a{CrossLinks.Start($"r{obj.Index}")} aria-label=\"back to the text\">↩</a>");
            else
                renderer.Write($"<sup class=\"note\">{Anchor($"fnref-{obj.Index}", $"r{obj.Index}")}<a{CrossLinks.Start($"n{obj.Footnote.Order}")}>{obj.Footnote.Order}</a></sup>");
        }
    }

    private static string Anchor(string id, string key) => $"<a id=\"{id}\" name=\"{id}\"{CrossLinks.End(key)}></a>";

    internal sealed class GroupWriter : HtmlObjectRenderer<FootnoteGroup>
    {
        protected override void Write(HtmlRenderer renderer, FootnoteGroup obj)
        {
            renderer.EnsureLine().WriteLine("<div class=\"notes\">").WriteLine("<hr>").WriteLine("<ol>");
            foreach (var note in obj.OfType<Footnote>())
            {
                renderer.Write("<li>").Write(Anchor($"fn-{note.Order}", $"n{note.Order}"));
                renderer.WriteChildren(note);
                renderer.WriteLine("</li>");
            }
            renderer.WriteLine("</ol>").WriteLine("</div>");
        }
    }
}
