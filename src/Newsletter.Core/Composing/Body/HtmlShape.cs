using System.Collections.Frozen;
using AngleSharp.Dom;

namespace Newsletter.Composing.Body;

/// <summary>Puts elements where HTML allows them, for a browser's parser does not: no block in words (<c>&lt;b&gt;&lt;p&gt;</c>), in a heading or in a link, no item without its list.</summary>
/// <remarks>Nothing that is shown gets lost: words around a block become words inside of it, a block leaves its heading, items without a list get one.</remarks>
internal static class HtmlShape
{
    private static readonly FrozenSet<string> Lines = Set("p div center address section article aside nav main header footer figure figcaption h1 h2 h3 h4 h5 h6 li dd dt td th blockquote caption details summary pre body");
    private static readonly FrozenSet<string> Headings = Set("h1 h2 h3 h4 h5 h6");
    private static readonly FrozenSet<string> Lists = Set("ul ol");
    private static readonly FrozenSet<string> Plain = Set("p div center address section article aside nav main header footer figure figcaption");

    public static void Settle(IElement body)
    {
        foreach (var element in body.QuerySelectorAll("main,figcaption,summary").ToList())
            if (element.LocalName == "main" || element.ParentElement?.LocalName != (element.LocalName == "summary" ? "details" : "figure"))
                Renamed(element, "div"); // the page has its own `main`; the others are nothing without their parent
        // From the inside out: what is in an element is in shape before the element is taken apart.
        foreach (var element in body.Descendants<IElement>().Reverse().ToList())
            if (element.ParentElement is not null)
                One(element);
        foreach (var parent in body.Descendants<IElement>().Prepend(body).ToList())
            if (!Lists.Contains(parent.LocalName))
                Gather(parent, child => child.LocalName == "li", "ul");
        foreach (var parent in body.Descendants<IElement>().Prepend(body).ToList())
            if (parent.LocalName != "dl")
                Gather(parent, child => child.LocalName is "dt" or "dd", "dl");
    }

    /// <summary>The element under another name, at the same place.</summary>
    public static IElement Renamed(IElement element, string name)
    {
        var renamed = element.Owner!.CreateElement(name);
        foreach (var attribute in element.Attributes)
            renamed.SetAttribute(attribute.Name, attribute.Value);
        renamed.Append([.. element.ChildNodes]);
        element.Replace(renamed);
        return renamed;
    }

    private static void One(IElement element)
    {
        if (Headings.Contains(element.LocalName))
            SettleHeading(element);
        else if (Lists.Contains(element.LocalName))
            Gather(element, child => child.LocalName != "li", "li");
        else if (!HtmlRules.Blocks.Contains(element.LocalName) && !HtmlRules.Void.Contains(element.LocalName))
            SettleWords(element);
    }

    private static void SettleHeading(IElement heading)
    {
        var lines = heading.Descendants<IElement>().Where(child => Plain.Contains(child.LocalName) && !HasBlock(child)).ToHashSet();
        foreach (var parent in lines.Select(line => line.ParentElement!).Distinct().ToList())
            Open(parent, lines);
        if (HasBlock(heading))
            Part(heading, (block, _) => block);
    }

    private static void SettleWords(IElement words)
    {
        if (HasBlock(words))
            Part(words, Inside);
        else if (words.ChildNodes.Length == 0 && words.Attributes.Length == 0)
            words.Remove();
    }

    /// <summary>A block's lines, not its bare structure, take over the words' form.</summary>
    private static INode Inside(INode block, IElement form)
    {
        if (block is not IElement element || HtmlRules.Void.Contains(element.LocalName))
            return block;
        var isOfLines = Lines.Contains(element.LocalName);
        var run = new List<INode>();
        foreach (var child in element.ChildNodes.ToList())
            if (child is IElement inner && (IsBlock(inner) || HasBlock(inner)))
            {
                Close(run, form, isOfLines);
                Inside(inner, form);
            }
            else
                run.Add(child);
        Close(run, form, isOfLines);
        return block;
    }

    /// <summary>An element with blocks in it becomes several without, and the blocks between them.</summary>
    private static void Part(IElement element, Func<INode, IElement, INode> settle)
    {
        var form = (IElement)element.Clone(false);
        var (parts, run) = (new List<INode>(), new List<INode>());
        foreach (var child in element.ChildNodes.ToList())
            if (child is IElement inner && (IsBlock(inner) || HasBlock(inner)))
            {
                Take();
                child.Parent!.RemoveChild(child);
                parts.Add(settle(child, form));
            }
            else
                run.Add(child);
        Take();
        element.Replace([.. parts]);

        void Take()
        {
            foreach (var node in run)
                node.Parent!.RemoveChild(node);
            parts.AddRange(run.Exists(IsShown) ? [Wrapped(run, form)] : run);
            run.Clear();
        }
    }

    private static void Close(List<INode> run, IElement form, bool isOfLines)
    {
        if (isOfLines && run.Exists(IsShown))
        {
            var (parent, place) = (run[0].Parent!, form.Owner!.CreateTextNode(""));
            parent.InsertBefore(place, run[0]);
            foreach (var node in run)
                parent.RemoveChild(node);
            parent.ReplaceChild(Wrapped(run, form), place);
        }
        run.Clear();
    }

    // A link in a link is none; an id is given once.
    private static INode Wrapped(List<INode> run, IElement form)
    {
        var isLink = form.LocalName == "a";
        var holdsLink = run.Exists(node => node is IElement element && (element.LocalName == "a" || element.QuerySelector("a") is not null));
        var element = isLink && holdsLink ? form.Owner!.CreateElement("span") : (IElement)form.Clone(false);
        element.Append([.. run]);
        form.RemoveAttribute("id");
        form.RemoveAttribute("name");
        return element;
    }

    /// <summary>Runs of children that stand in the wrong parent get the right one; the blanks between them go along.</summary>
    private static void Gather(IElement parent, Func<IElement, bool> isOne, string home)
    {
        List<INode> run = [];
        foreach (var child in parent.ChildNodes.ToList())
            if (child is IElement element ? isOne(element) : home == "li" && IsShown(child))
                run.Add(child);
            else if (run.Count > 0 && (child is IElement || IsShown(child)))
                Close();
            else if (run.Count > 0)
                run.Add(child);
        Close();

        void Close()
        {
            if (run.Count == 0)
                return;
            var list = parent.Owner!.CreateElement(home);
            parent.InsertBefore(list, run[0]);
            list.Append([.. run]);
            run = [];
        }
    }

    /// <summary>What is in it stands where it stood, parted from its neighbours.</summary>
    private static void Open(IElement parent, HashSet<IElement> lines)
    {
        var (owner, nodes) = (parent.Owner!, new List<INode>());
        foreach (var child in parent.ChildNodes.ToList())
        {
            parent.RemoveChild(child);
            if (child is IElement line && lines.Contains(line))
                nodes.AddRange([owner.CreateTextNode(" "), .. line.ChildNodes, owner.CreateTextNode(" ")]);
            else
                nodes.Add(child);
        }
        parent.Append([.. nodes]);
    }

    private static bool IsShown(INode node) => node is IElement || node is IText text && !string.IsNullOrWhiteSpace(text.Data);

    private static bool IsBlock(IElement element) => HtmlRules.Blocks.Contains(element.LocalName);

    private static bool HasBlock(IElement element) => element.Descendants<IElement>().Any(IsBlock);

    private static FrozenSet<string> Set(string words) => words.Split(' ').ToFrozenSet(StringComparer.Ordinal);
}
