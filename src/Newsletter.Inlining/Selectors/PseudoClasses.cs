namespace Newsletter.Inlining;

/// <summary>The pseudo-classes without arguments, and the names of pseudo-elements.</summary>
internal static class PseudoClasses
{
    /// <summary>&amp; outside of any other rule.</summary>
    public static readonly PlainCondition Parent = new(static node => node.Parent is null, 0);

    /// <summary>Known to browsers, but about nothing that a letter has.</summary>
    public static readonly PlainCondition Nothing = new(static _ => false);

    private static readonly StateCondition State = new();

    private static readonly HashSet<string> States =
    [
        "hover", "active", "focus", "focus-within", "focus-visible", "visited", "target", "target-within", "autofill", "user-invalid",
        "user-valid", "fullscreen", "modal", "popover-open", "valid", "invalid", "in-range", "out-of-range", "indeterminate", "paused",
        "playing", "-webkit-autofill", "picture-in-picture", "-webkit-full-screen", "-webkit-drag", "target-current", "target-before",
        "interest-source", "active-view-transition",
    ];

    private static readonly Dictionary<string, Condition> Plain = new(StringComparer.Ordinal)
    {
        ["root"] = new PlainCondition(node => node.Parent is null),
        ["scope"] = new PlainCondition(node => node.Parent is null),
        ["empty"] = new PlainCondition(node => node.FirstChild is null && !node.HasText),
        ["first-child"] = new PlainCondition(node => node.Previous is null),
        ["last-child"] = new PlainCondition(node => node.Next is null),
        ["only-child"] = new PlainCondition(node => node.Previous is null && node.Next is null),
        ["first-of-type"] = new PlainCondition(node => node.TypeIndex() == 1),
        ["last-of-type"] = new PlainCondition(node => node.TypeIndexFromEnd() == 1),
        ["only-of-type"] = new PlainCondition(node => node.TypeIndex() == 1 && node.TypeIndexFromEnd() == 1),
        ["host"] = Nothing,
        ["current"] = Nothing,
        ["past"] = Nothing,
        ["future"] = Nothing,
        ["defined"] = new PlainCondition(static node => !node.IsHtml || !node.Name.Contains('-')),
        ["open"] = new PlainCondition(static node => node.Name is "details" or "dialog" && node.HasAttribute("open")),
        ["link"] = new PlainCondition(IsLink),
        ["-webkit-any-link"] = new PlainCondition(IsLink),
        ["any-link"] = new PlainCondition(IsLink),
        ["checked"] = new PlainCondition(IsChecked),
        ["default"] = new PlainCondition(node => (IsChecked(node) && !IsFirstChoice(node)) || IsFirstSubmit(node)),
        ["disabled"] = new PlainCondition(node => IsControl(node) && IsDisabled(node)),
        ["enabled"] = new PlainCondition(node => IsControl(node) && !IsDisabled(node)),
        ["required"] = new PlainCondition(IsRequired),
        ["optional"] = new PlainCondition(node => node.Name is "input" or "select" or "textarea" or "button" && !IsRequired(node)),
        ["read-write"] = new PlainCondition(IsWritable),
        ["read-only"] = new PlainCondition(node => !IsWritable(node)),
        ["placeholder-shown"] = new PlainCondition(node => node.Name is "input" or "textarea" && node.HasAttribute("placeholder")
            && (node.Name == "input" ? string.IsNullOrEmpty(node.GetAttribute("value")) : !node.HasText)),
    };

    private static readonly HashSet<string> Elements =
    [
        "before", "after", "first-line", "first-letter", "selection", "marker", "placeholder", "backdrop", "cue", "file-selector-button",
        "target-text", "grammar-error", "spelling-error", "part", "slotted", "highlight", "details-content", "scroll-marker", "scroll-marker-group",
        "scroll-button", "column", "picker", "picker-icon", "checkmark", "search-text", "view-transition", "view-transition-group",
        "view-transition-group-children", "view-transition-image-pair", "view-transition-new", "view-transition-old",
    ];

    /// <summary>Null for a name that no browser knows.</summary>
    public static Condition? Find(string name) => Plain.TryGetValue(name, out var plain) ? plain : States.Contains(name) ? State : null;

    /// <summary>The four that may be written with one colon.</summary>
    public static bool IsOldElement(string name) => name is "before" or "after" or "first-line" or "first-letter";

    /// <summary>Browsers take any name that begins with -webkit-.</summary>
    public static bool IsElement(string name) => Elements.Contains(name) || name.StartsWith("-webkit-", StringComparison.Ordinal);

    private static bool IsLink(Node node) => node.Name is "a" or "area" && node.HasAttribute("href");

    private static bool IsChecked(Node node) =>
        (node.Name == "option" && (node.HasAttribute("selected") || IsFirstChoice(node)))
        || (node.Name == "input" && node.HasAttribute("checked") && InputType(node) is "checkbox" or "radio");

    /// <summary>A list that shows one choice shows the first, if none is selected.</summary>
    private static bool IsFirstChoice(Node node)
    {
        var list = node.Parent;
        while (list is not null && list.Name != "select")
            list = list.Parent;
        if (list is null || list.HasAttribute("multiple") || list.GetAttribute("size") is not (null or "" or "0" or "1"))
            return false;
        Node? first = null;
        for (var at = list.FirstChild; at is not null; at = at.After(list))
            if (at.Name == "option" && at.HasAttribute("selected"))
                return false;
            else if (at.Name == "option" && !IsDisabled(at))
                first ??= at;
        return ReferenceEquals(first, node);
    }

    private static string InputType(Node node) => node.GetAttribute("type")?.Trim().ToLowerInvariant() ?? "text";

    private static bool IsRequired(Node node) => node.HasAttribute("required") && (node.Name is "select" or "textarea"
        || (node.Name == "input" && InputType(node) is not ("hidden" or "range" or "color" or "submit" or "image" or "reset" or "button")));

    private static bool IsControl(Node node) => node.Name is "button" or "input" or "select" or "textarea" or "optgroup" or "option" or "fieldset";

    private static bool IsDisabled(Node node)
    {
        if (node.HasAttribute("disabled"))
            return true;
        if (node.Name == "option")
            return node.Parent is { Name: "optgroup" } group && group.HasAttribute("disabled");
        for (var above = node; above.Parent is not null && node.Name != "optgroup"; above = above.Parent)
            if (above.Parent.Name == "fieldset" && above.Parent.HasAttribute("disabled") && above.Name != "legend")
                return true;
        return false;
    }

    private static bool IsWritable(Node node) => node.Name switch
    {
        "input" => InputType(node) is "text" or "search" or "url" or "tel" or "email" or "password" or "date" or "month" or "week" or "time"
            or "datetime-local" or "number" && IsOpen(node),
        "textarea" => IsOpen(node),
        _ => IsEditable(node),
    };

    private static bool IsOpen(Node node) => !node.HasAttribute("readonly") && !IsDisabled(node);

    private static bool IsEditable(Node node)
    {
        for (var at = node; at is not null; at = at.Parent)
            if (at.GetAttribute("contenteditable") is { } value)
                return !value.Equals("false", StringComparison.OrdinalIgnoreCase);
        return false;
    }

    private static bool IsFirstSubmit(Node node)
    {
        if (!IsSubmit(node))
            return false;
        var form = node.Parent;
        while (form is not null && form.Name != "form")
            form = form.Parent;
        for (var at = form?.FirstChild; at is not null; at = at.After(form))
            if (IsSubmit(at))
                return ReferenceEquals(at, node);
        return false;
    }

    private static bool IsSubmit(Node node) => node.Name == "button"
        ? node.GetAttribute("type") is null or "submit"
        : node.Name == "input" && InputType(node) is "submit" or "image";
}
