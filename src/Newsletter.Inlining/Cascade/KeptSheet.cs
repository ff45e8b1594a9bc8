using System.Text;

namespace Newsletter.Inlining;

/// <summary>Writes the style sheet of what could not be inlined.</summary>
internal static class KeptSheet
{
    /// <param name="sheets">What was read.</param>
    /// <param name="staysWhole">Whether nothing of a selector's rule is inlined.</param>
    /// <param name="wanted">Null: every selector stays.</param>
    public static string Write(SheetReader sheets, Func<Rule, RuleSelector, bool> staysWhole, PageNames? wanted)
    {
        var made = new StringBuilder();
        foreach (var head in sheets.Heads.Distinct())
            made.Append(head).Append('\n');
        Block? block = null;
        foreach (var item in sheets.Items)
        {
            if (item is Rule { IsGone: true })
                continue;
            var text = item is Rule rule ? Write(rule, staysWhole, wanted) : ((KeptText)item).Text + "\n";
            if (text.Length == 0)
                continue;
            Move(made, block, item.Block);
            block = item.Block;
            made.Append(text);
        }
        Move(made, block, null);
        return made.ToString();
    }

    public static string Write(IEnumerable<CssDeclaration> declarations) =>
        string.Join(';', declarations.Select(one => Write(Property.Escape(one.Name), one, raised: false)));

    /// <summary>Closes the blocks that end here and opens those that begin.</summary>
    private static void Move(StringBuilder made, Block? from, Block? to)
    {
        if (ReferenceEquals(from, to))
            return;
        var left = Chain(from);
        var right = Chain(to);
        var same = 0;
        while (same < left.Count && same < right.Count && ReferenceEquals(left[same], right[same]))
            same++;
        for (var i = left.Count; i > same; i--)
            made.Append("}\n");
        for (var i = same; i < right.Count; i++)
            made.Append(right[i].Header).Append("{\n");
    }

    private static List<Block> Chain(Block? block)
    {
        var made = new List<Block>();
        for (; block is not null; block = block.Outer)
            made.Insert(0, block);
        return made;
    }

    private static string Write(Rule rule, Func<Rule, RuleSelector, bool> staysWhole, PageNames? wanted)
    {
        var selectors = wanted is null ? rule.Selectors : rule.Selectors.Where(one => one.Selector.IsOf(wanted)).ToList();
        var whole = selectors.Where(one => staysWhole(rule, one)).Select(one => one.Selector.Text).ToList();
        var part = selectors.Where(one => !staysWhole(rule, one)).Select(one => one.Selector.Text).ToList();
        var made = "";
        if (part.Count > 0 && rule.Declarations.Exists(one => one.Stays))
            made = Write(part, rule.Declarations.FindAll(one => one.Stays));
        return whole.Count > 0 ? made + Write(whole, rule.Declarations) : made;
    }

    private static string Write(List<string> selectors, List<Declared> declarations) =>
        $"{string.Join(',', selectors)}{{{string.Join(';', Order(declarations).Select(one => Write(one.Name, one.Source, one.Raised)))}}}\n";

    /// <summary>What is important of itself wins over what was raised, in one rule too.</summary>
    private static IEnumerable<Declared> Order(List<Declared> declarations) =>
        declarations.Exists(static one => one.Raised && !one.Source.Important) ? declarations.OrderBy(static one => one.Source.Important) : declarations;

    private static string Write(string name, CssDeclaration declaration, bool raised) =>
        $"{name}:{declaration.Value}{(declaration.Important || raised ? " !important" : "")}";
}
