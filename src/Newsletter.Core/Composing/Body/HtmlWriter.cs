using System.Text;
using AngleSharp;
using AngleSharp.Dom;
using AngleSharp.Html;

namespace Newsletter.Composing.Body;

/// <summary>Writes a tree of HTML, each node once. What is to go, to lose its tags or to have another name is noted beforehand and done in the writing.</summary>
/// <remarks>
/// AngleSharp looks for a node among its siblings whenever it goes on to the next, takes one out or puts another in its place: a paragraph of 40,000
/// line breaks took a minute. Here the tree stays as it is, and each step is one node.
/// </remarks>
internal sealed class HtmlWriter
{
    private static readonly IMarkupFormatter Formatter = HtmlMarkupFormatter.Instance;

    private readonly Dictionary<INode, string> _names = [];
    private readonly Dictionary<INode, string> _texts = [];
    private readonly HashSet<INode> _open = [];
    private readonly HashSet<INode> _empty = [];
    private readonly Dictionary<INode, string> _before = [];
    private readonly Dictionary<INode, string> _behind = [];

    /// <summary>The element gets another name.</summary>
    public void Rename(IElement element, string name) => _names[element] = name;

    /// <summary>Text stands where the node stood; nothing, where it is empty.</summary>
    public void Replace(INode node, string text) => _texts[node] = text;

    /// <summary>Only what is in the element stays.</summary>
    public void Open(IElement element) => _open.Add(element);

    /// <summary>What is in the element stands behind it.</summary>
    public void Empty(IElement element) => _empty.Add(element);

    /// <summary>Siblings get an element around them.</summary>
    public void Wrap(INode first, INode last, string name) => (_before[first], _behind[last]) = ($"<{name}>", $"</{name}>");

    /// <summary>Whether anything of the element itself will be written.</summary>
    public bool Shows(IElement element) => !_open.Contains(element) && (!_texts.TryGetValue(element, out var text) || text.Length > 0);

    /// <summary>What is in an element, without the element.</summary>
    public string Inside(IElement element)
    {
        var text = new StringBuilder();
        Children(element, text);
        return text.ToString();
    }

    private void Children(INode parent, StringBuilder into)
    {
        foreach (var child in parent.ChildNodes)
        {
            into.Append(_before.GetValueOrDefault(child, ""));
            Write(child, into);
            into.Append(_behind.GetValueOrDefault(child, ""));
        }
    }

    private void Write(INode node, StringBuilder into)
    {
        if (_texts.TryGetValue(node, out var text))
            into.Append(Formatter.Text(node.Owner!.CreateTextNode(text)));
        else if (node is IText words)
            into.Append(Formatter.Text(words));
        else if (node is IElement element && _open.Contains(element))
            Children(element, into);
        else if (node is IElement other)
            Write(other, into);
    }

    private void Write(IElement element, StringBuilder into)
    {
        var isEmpty = HtmlRules.Void.Contains(element.LocalName);
        var tag = Formatter.OpenTag(element, isEmpty);
        var name = _names.GetValueOrDefault(element, element.LocalName);
        into.Append('<').Append(name).Append(tag, 1 + element.LocalName.Length, tag.Length - 1 - element.LocalName.Length);
        if (isEmpty)
            return;

        // A parser drops the first line end of it.
        if (element.LocalName == "pre" && element.FirstChild is IText { Data: ['\n', ..] })
            into.Append('\n');
        if (!_empty.Contains(element))
            Children(element, into);
        into.Append("</").Append(name).Append('>');
        if (_empty.Contains(element))
            Children(element, into);
    }
}
