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
            var rule = item as Rule;
            if (rule is not null && !Stays(rule, staysWhole, wanted))
                continue;
            Move(made, block, item.Block);
            block = item.Block;
            if (rule is not null)
                Write(made, rule, staysWhole, wanted);
            else
                made.Append(((KeptText)item).Text).Append('\n');
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

    /// <summary>False if nothing of the rule stays.</summary>
    private static bool Stays(Rule rule, Func<Rule, RuleSelector, bool> staysWhole, PageNames? wanted)
    {
        var any = rule.Declarations.Exists(static one => one.Stays);
        foreach (var one in rule.Selectors)
            if ((any || staysWhole(rule, one)) && (wanted is null || one.Selector.IsOf(wanted)))
                return true;
        return false;
    }

    private static void Write(StringBuilder made, Rule rule, Func<Rule, RuleSelector, bool> staysWhole, PageNames? wanted)
    {
        if (rule.Declarations.Exists(static one => one.Stays) && WriteSelectors(made, rule, one => !staysWhole(rule, one), wanted))
            Write(made, rule.Declarations.FindAll(static one => one.Stays));
        if (WriteSelectors(made, rule, one => staysWhole(rule, one), wanted))
            Write(made, rule.Declarations);
    }

    private static bool WriteSelectors(StringBuilder made, Rule rule, Func<RuleSelector, bool> takes, PageNames? wanted)
    {
        var any = false;
        foreach (var one in rule.Selectors)
        {
            if (one.Selector.IsSure || !takes(one) || !(wanted is null || one.Selector.IsOf(wanted)))
                continue;
            if (any)
                made.Append(',');
            made.Append(one.Selector.Text);
            any = true;
        }
        return any;
    }

    private static void Write(StringBuilder made, List<Declared> declarations)
    {
        var mark = '{';
        foreach (var one in Order(declarations))
        {
            made.Append(mark).Append(one.Name).Append(':').Append(one.Source.Value);
            if (one.Source.Important || one.Raised)
                made.Append(" !important");
            mark = ';';
        }
        made.Append(mark == '{' ? "{}\n" : "}\n");
    }

    /// <summary>What is important of itself wins over what was raised, in one rule too.</summary>
    private static IEnumerable<Declared> Order(List<Declared> declarations) =>
        declarations.Exists(static one => one.Raised && !one.Source.Important) ? declarations.OrderBy(static one => one.Source.Important) : declarations;

    private static string Write(string name, CssDeclaration declaration, bool raised) =>
        $"{name}:{declaration.Value}{(declaration.Important || raised ? " !important" : "")}";
}
