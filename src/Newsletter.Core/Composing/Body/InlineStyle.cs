using AngleSharp.Dom;

namespace Newsletter.Composing.Body;

/// <summary>The declarations of an element's <c>style</c>, which <see cref="HtmlRules.IsSafeStyle"/> has passed: no comment, escape or brace is in it.</summary>
internal sealed class InlineStyle
{
    private readonly IElement _element;
    private readonly List<(string Name, string Value)> _all = [];

    private InlineStyle(IElement element) => _element = element;

    public static InlineStyle Of(IElement element)
    {
        var style = new InlineStyle(element);
        foreach (var declaration in (element.GetAttribute("style") ?? "").Split(';'))
            if (declaration.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
                style._all.Add((declaration[..colon].Trim().ToLowerInvariant(), declaration[(colon + 1)..].Trim()));
        return style;
    }

    /// <summary>The last value of a property; null where it has none.</summary>
    public string? Find(string name) => _all.FindLast(one => one.Name == name).Value;

    /// <summary>Whether there is a property of that name or one of its parts (<c>padding</c>, <c>padding-left</c>).</summary>
    public bool Has(string name) => _all.Exists(one => one.Name == name || one.Name.StartsWith(name + "-", StringComparison.Ordinal));

    /// <summary>Takes properties out.</summary>
    public void Drop(params string[] names)
    {
        if (_all.RemoveAll(one => names.Contains(one.Name)) > 0)
            Write();
    }

    /// <summary>Sets a property behind all others.</summary>
    public void Add(string name, string value)
    {
        _all.Add((name, value));
        Write();
    }

    private void Write()
    {
        if (_all.Count > 0)
            _element.SetAttribute("style", string.Join("; ", _all.Select(one => $"{one.Name}: {one.Value}")));
        else
            _element.RemoveAttribute("style");
    }
}
