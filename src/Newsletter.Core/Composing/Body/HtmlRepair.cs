using System.Net;
using System.Text;
using Markdig.Helpers;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Newsletter.Issues;

namespace Newsletter.Composing.Body;

/// <summary>Makes an author's HTML in the Markdown tree clean and balanced, so that none of it swallows what comes behind, and says what was wrong.</summary>
/// <remarks>
/// A tag opened in a paragraph, item or cell ends with it at the latest; one opened between paragraphs and never closed ends before the next heading
/// or rule. HTML and text part are both written from the repaired tree.
/// </remarks>
internal sealed class HtmlRepair(BodyProblems problems, Pictures pictures, IssueLinks issues)
{
    private const int MaxDepth = 50;
    private readonly List<OpenTag> _open = [];
    private readonly HashSet<string> _leftOut = new(StringComparer.Ordinal);

    public void Run(ContainerBlock container)
    {
        var floor = _open.Count;
        var lastEnds = LastEnds(container);
        for (var i = 0; i < container.Count; i++)
        {
            var block = container[i];
            if (block is HeadingBlock or ThematicBreakBlock && Closers(floor, tag => lastEnds.GetValueOrDefault(tag.Name, -1) < i) is { Length: > 0 } closers)
                container.Insert(i++, Html(closers));
            if (block is HtmlBlock html)
                html.Lines = new(Rewritten(html.Lines.ToString(), floor, problems.Within(html)) + Closers(floor, tag => tag.IsPlace && lastEnds.GetValueOrDefault(tag.Name, -1) <= i));
            else if (block is ContainerBlock inner)
                Run(inner);
            else if (block is LeafBlock { Inline: { } inline })
                Run(inline, isInLink: false);
        }
        if (Closers(floor, _ => true) is { Length: > 0 } rest)
            container.Add(Html(rest));
    }

    private void Run(ContainerInline container, bool isInLink)
    {
        var floor = _open.Count;
        for (var child = container.FirstChild; child is not null;)
        {
            var next = child.NextSibling;
            if (child is AutolinkInline { IsEmail: false } reference && IssueLinks.IsOne(reference.Url))
                child = Linked(reference);
            if (child is LinkInline link)
                CheckLink(link);
            if (isInLink && child is LinkInline { IsImage: false } nested)
                next = Unwrapped(nested) ?? next;
            else if (child is ContainerInline inner)
                Run(inner, isInLink || child is LinkInline);
            else if (child is AutolinkInline { IsEmail: false } auto && !HtmlRules.IsSafeAddress(auto.Url))
                auto.ReplaceBy(new LiteralInline(auto.Url));
            else if (child is HtmlInline html)
                next = Rewrite(html, floor, isInLink) ?? next;
            child = next;
        }
        if (Closers(floor, _ => true) is { Length: > 0 } closers)
            container.AppendChild(new HtmlInline(closers));
    }

    /// <summary>A link inside of one is its words; gives the first of them.</summary>
    private static Inline? Unwrapped(LinkInline link)
    {
        var first = link.FirstChild;
        while (link.FirstChild is { } word)
        {
            word.Remove();
            link.InsertBefore(word);
        }
        link.Remove();
        return first;
    }

    private static LinkInline Linked(AutolinkInline reference)
    {
        var link = new LinkInline(reference.Url, "") { IsClosed = true, Line = reference.Line, Column = reference.Column };
        reference.ReplaceBy(link);
        return link;
    }

    private void CheckLink(LinkInline link)
    {
        if (!link.IsImage && IssueLinks.IsOne(link.Url ?? ""))
            issues.Resolve(link, problems.At(link));
        if (HtmlRules.IsSafeAddress(link.Url ?? ""))
        {
            link.Url = Shown(link.Url ?? "", link.IsImage, () => problems.At(link));
            return;
        }

        problems.Add(problems.At(link), Severity.Error, "link-unsafe", $"the target `{Excerpt.Of(link.Url!, 60)}` is not for letters and is left out", "link to an http, https or mailto address");
        link.Url = "";
    }

    private string Shown(string element, string name, string value, Func<Spot> at) => (element, name) switch
    {
        ("img", "src") => Shown(value, isImage: true, at),
        ("a", "href") => Shown(value, isImage: false, at),
        _ => value,
    };

    private string Shown(string address, bool isImage, Func<Spot> at)
    {
        Pictures.Report report = (severity, code, message, hint) => problems.Add(at(), severity, code, message, hint);
        return isImage ? pictures.Take(address, report) : pictures.TakeLink(address, report);
    }

    /// <summary>Gives the node to go on with where more than this one was taken out.</summary>
    private Inline? Rewrite(HtmlInline html, int floor, bool isInLink)
    {
        var tag = RawTag.Split(html.Tag).FirstOrDefault();
        if (tag is { Kind: RawKind.Start } && HtmlRules.Dropped.Contains(tag.Name))
        {
            Report(problems.At(html), tag);
            return DropThrough(html, tag.Name);
        }

        html.Tag = tag is null || isInLink && tag.Name == "a" ? "" : Rewritten(html.Tag, floor, _ => problems.At(html));
        return null;
    }

    /// <summary>Takes out everything up to the end tag; only the tag itself where there is none in this paragraph.</summary>
    private static Inline? DropThrough(HtmlInline first, string name)
    {
        Inline? last = first;
        while (last is not null && !(last is HtmlInline end && end.Tag.StartsWith($"</{name}", StringComparison.OrdinalIgnoreCase)))
            last = last.NextSibling;

        var behind = (last ?? first).NextSibling;
        for (Inline? node = first; node is not null && node != behind;)
        {
            var next = node.NextSibling;
            node.Remove();
            node = next;
        }
        return behind ?? new HtmlInline("");
    }

    private string Rewritten(string html, int floor, Func<int, Spot> at)
    {
        var text = new StringBuilder();
        string? dropping = null;
        foreach (var tag in RawTag.Split(html))
        {
            if (dropping is not null)
                dropping = tag.Kind == RawKind.End && tag.Name == dropping ? null : dropping;
            else if (tag.Kind == RawKind.Text)
                text.Append(WebUtility.HtmlEncode(tag.Text));
            else if (tag.Kind == RawKind.End)
                End(tag, floor, at, text);
            else if (tag.Kind == RawKind.Start && HtmlRules.Dropped.Contains(tag.Name))
            {
                Report(at(tag.Offset), tag);
                dropping = tag.IsWhole ? null : tag.Name;
            }
            else if (tag.Kind == RawKind.Start)
                Start(tag, floor, at, text);
        }
        return text.ToString();
    }

    private void Start(RawTag tag, int floor, Func<int, Spot> at, StringBuilder text)
    {
        var isNested = tag.Name == "a" && _open.Exists(open => open.Name == "a") || _open.Count >= MaxDepth;
        if (!HtmlRules.Elements.Contains(tag.Name) || isNested)
        {
            problems.Add(at(tag.Offset), Severity.Warning, isNested ? "html-nested" : "html-unknown",
                isNested ? $"<{tag.Name}> inside of others is left out" : $"<{tag.Name}> is left out: mail programs do not know it", "delete it, or write &lt; for a sign that is meant");
            return;
        }

        if (HtmlRules.EndedBy.TryGetValue(tag.Name, out var rule))
            while (_open.Count > floor && rule.Ends.Contains(_open[^1].Name))
                Pop(text);
        text.Append('<').Append(tag.Name);
        foreach (var (name, given) in tag.Attributes)
            if ((tag.Name == "a" && name == "href" && IssueLinks.IsOne(given) ? issues.Resolve(given, at(tag.Offset)) : given) is { } value && Kept(tag.Name, name, value, () => at(tag.Offset)) is { } kept)
                text.Append(' ').Append(name).Append("=\"").Append(WebUtility.HtmlEncode(Shown(tag.Name, name, kept, () => at(tag.Offset)))).Append('"');
        text.Append('>');
        if (tag.IsWhole && !HtmlRules.Void.Contains(tag.Name))
            text.Append("</").Append(tag.Name).Append('>');
        else if (!HtmlRules.Void.Contains(tag.Name))
            _open.Add(new(tag.Name, at(tag.Offset), tag.Name == "a" && tag["href"] is null));
    }

    private void End(RawTag tag, int floor, Func<int, Spot> at, StringBuilder text)
    {
        var index = _open.FindLastIndex(open => open.Name == tag.Name);
        if (index >= floor)
        {
            while (_open.Count > index + 1)
                Abandon(text);
            Pop(text);
        }
        else if (tag.Name == "br")
            text.Append("<br>");
        else if (HtmlRules.Elements.Contains(tag.Name) && !HtmlRules.Void.Contains(tag.Name))
            problems.Add(at(tag.Offset), Severity.Warning, "html-unopened", $"</{tag.Name}> ends nothing here and is left out", "open it in the same paragraph, item or quotation, or delete it");
    }

    /// <summary>What stays of an attribute's value; null where the attribute goes.</summary>
    private string? Kept(string element, string name, string value, Func<Spot> at)
    {
        var isScript = name.StartsWith("on", StringComparison.Ordinal);
        if (!isScript && !HtmlRules.Attributes.Contains(name))
        {
            // Once each: pasted HTML has the same ones in every tag.
            if (_leftOut.Add(name))
                problems.Add(at(), Severity.Info, "html-attribute", $"the attribute {name} of <{element}> is left out", "mail programs know width, height, align, title, lang, style and few others");
            return null;
        }

        if (name == "style" && !HtmlRules.IsSafeStyle(value))
            return KeptStyle(element, value, at);
        if (!isScript && !(name is "href" or "src" or "cite" && !HtmlRules.IsSafeAddress(value)))
            return value;
        problems.Add(at(), Severity.Warning, isScript ? "html-script" : "link-unsafe", $"the attribute {name} of <{element}> is left out", "a letter may hold no script, and links to http, https or mailto only");
        return null;
    }

    private string? KeptStyle(string element, string style, Func<Spot> at)
    {
        var (kept, lost) = HtmlRules.SafePart(style);
        problems.Add(at(), Severity.Warning, "html-style", kept is null ? $"the style of <{element}> is left out" : $"{string.Join(", ", lost.Select(property => $"`{Excerpt.Of(property)}`"))} in the style of <{element}> is left out",
            kept is null ? "a style may hold no address, comment, escape or tag" : "a style may colour, size and space, and neither move nor hide what it is on");
        return kept is { Length: > 0 } ? kept : null;
    }

    private string Closers(int floor, Predicate<OpenTag> isAbandoned)
    {
        var text = new StringBuilder();
        while (_open.Count > floor && isAbandoned(_open[^1]))
            Abandon(text);
        return text.ToString();
    }

    private void Abandon(StringBuilder text)
    {
        var (name, spot, _) = _open[^1];
        if (!HtmlRules.EndedBy.ContainsKey(name))
            problems.Add(spot, Severity.Warning, "html-unclosed", $"<{name}> is never closed", $"write </{name}> where it is meant to end");
        Pop(text);
    }

    private void Pop(StringBuilder text)
    {
        text.Append("</").Append(_open[^1].Name).Append('>');
        _open.RemoveAt(_open.Count - 1);
    }

    private void Report(Spot spot, RawTag tag) =>
        problems.Add(spot, Severity.Warning, tag.Name is "script" ? "html-script" : "html-dropped", $"<{tag.Name}> and what is in it are left out: mail programs drop it", "link to it, or show a picture of it");

    // For each element the last block that ends one which began in another block.
    private static Dictionary<string, int> LastEnds(ContainerBlock container)
    {
        var ends = new Dictionary<string, int>();
        for (var i = 0; i < container.Count; i++)
            if (container[i] is HtmlBlock html)
            {
                var begun = new Dictionary<string, int>();
                foreach (var tag in RawTag.Split(html.Lines.ToString()))
                    if (tag is { Kind: RawKind.Start, IsWhole: false })
                        begun[tag.Name] = begun.GetValueOrDefault(tag.Name) + 1;
                    else if (tag.Kind == RawKind.End && begun.GetValueOrDefault(tag.Name) is > 0 and var open)
                        begun[tag.Name] = open - 1;
                    else if (tag.Kind == RawKind.End)
                        ends[tag.Name] = i;
            }
        return ends;
    }

    private static HtmlBlock Html(string text) => new(null) { Lines = new StringLineGroup(text) };

    /// <param name="Name">The element.</param>
    /// <param name="Spot">Where it was opened.</param>
    /// <param name="IsPlace">A place that links lead to, nothing that holds words: with no end tag it ends where it began.</param>
    private readonly record struct OpenTag(string Name, Spot Spot, bool IsPlace);
}
