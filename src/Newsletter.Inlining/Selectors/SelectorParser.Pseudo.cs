using System.Globalization;

namespace Newsletter.Inlining;

/// <summary>What begins with a bracket or a colon.</summary>
internal sealed partial class SelectorParser
{
    /// <summary>Attributes of HTML whose values selectors compare without regard to case (HTML, "Case-sensitivity of selectors").</summary>
    private static readonly HashSet<string> CaselessValues = new(StringComparer.OrdinalIgnoreCase)
    {
        "accept", "accept-charset", "align", "alink", "axis", "bgcolor", "charset", "checked", "clear", "codetype", "color", "compact",
        "declare", "defer", "dir", "direction", "disabled", "enctype", "face", "frame", "hreflang", "http-equiv", "lang", "language",
        "link", "media", "method", "multiple", "nohref", "noresize", "noshade", "nowrap", "readonly", "rel", "rev", "rules", "scope",
        "scrolling", "selected", "shape", "target", "text", "type", "valign", "valuetype", "vlink",
    };

    private bool Attribute(Compound made)
    {
        Advance();
        SkipSpace();
        if (token.IsDelim(text, '*') || token.IsDelim(text, '|'))
            NamespaceOfAttribute();
        if (token.Kind != CssTokenKind.Ident)
            return false;
        var name = CssText.Unescape(token.In(text));
        Advance();
        if (token.IsDelim(text, '|') && text.AsSpan(token.End) is not ['=', ..])
            return AttributeOfNamespace(made, name);
        SkipSpace();
        if (token.Kind == CssTokenKind.CloseBracket)
            return AddAttribute(made, new AttributeCondition(name, '\0', "", false));
        var op = text[Math.Min(token.Start, text.Length - 1)];
        if (token.Kind != CssTokenKind.Delim || !"=~|^$*".Contains(op))
            return false;
        Advance();
        if (op != '=' && !TakeDelim('='))
            return false;
        return AttributeValue(made, name, op);
    }

    private void NamespaceOfAttribute()
    {
        TakeDelim('*');
        TakeDelim('|');
    }

    /// <summary>In HTML no attribute that letters have is in a namespace.</summary>
    private bool AttributeOfNamespace(Compound made, string prefix)
    {
        if (namespaces.Find(prefix) is null)
            return false;
        SkipBroken(CssTokenKind.CloseBracket);
        made.Space = Space.Other;
        return AddAttribute(made, new AttributeCondition(prefix, '\0', "", false));
    }

    private bool AttributeValue(Compound made, string name, char op)
    {
        SkipSpace();
        if (token.Kind is not (CssTokenKind.Ident or CssTokenKind.String))
            return false;
        var value = token.Kind == CssTokenKind.String ? CssText.Unquote(token.In(text)) : CssText.Unescape(token.In(text));
        Advance();
        SkipSpace();
        var ignoreCase = CaselessValues.Contains(name);
        if (token.Kind == CssTokenKind.Ident)
        {
            foreign |= token.In(text) is "s" or "S"; // Selectors 4 has it, Chromium does not
            if (token.In(text) is not ("i" or "I"))
                return false;
            ignoreCase = true;
            Advance();
            SkipSpace();
        }
        return token.Kind == CssTokenKind.CloseBracket && AddAttribute(made, new AttributeCondition(name, op, value, ignoreCase));
    }

    private bool AddAttribute(Compound made, AttributeCondition condition)
    {
        made.Add(condition);
        Advance();
        return true;
    }

    private bool TakeDelim(char delim)
    {
        if (!token.IsDelim(text, delim))
            return false;
        Advance();
        return true;
    }

    private bool Pseudo(Compound made, ref bool pseudoElement)
    {
        Advance();
        var doubled = token.Kind == CssTokenKind.Colon;
        if (doubled)
            Advance();
        if (token.Kind is not (CssTokenKind.Ident or CssTokenKind.Function))
            return false;
        var isFunction = token.Kind == CssTokenKind.Function;
        var name = CssText.Unescape(token.In(text)[..^(isFunction ? 1 : 0)]).ToLowerInvariant();
        if (doubled || (!isFunction && PseudoClasses.IsOldElement(name)))
            return PseudoElement(name, isFunction, ref pseudoElement);
        Advance();
        var condition = isFunction ? Function(name) : name == "scope" && roots is not null ? new RootCondition(roots, Specificity.Class) : PseudoClasses.Find(name);
        if (condition is null)
        {
            foreign |= name.StartsWith('-') || name is "matches" || name.StartsWith("moz", StringComparison.Ordinal);
            return false;
        }
        made.Add(condition);
        return true;
    }

    private bool PseudoElement(string name, bool isFunction, ref bool pseudoElement)
    {
        Advance();
        foreign |= !PseudoClasses.IsElement(name) && name.StartsWith('-');
        if (!PseudoClasses.IsElement(name) || pseudoElement)
            return false;
        pseudoElement = true;
        if (!isFunction)
            return true;
        SkipBroken(CssTokenKind.CloseParen);
        while (token.Kind == CssTokenKind.Comma)
        {
            Advance();
            SkipBroken(CssTokenKind.CloseParen);
        }
        return CloseFunction();
    }

    private bool CloseFunction()
    {
        SkipSpace();
        if (token.Kind != CssTokenKind.CloseParen)
            return false;
        Advance();
        return true;
    }

    /// <summary>A functional pseudo-class whose opening bracket was read, up to and with its closing one; null if it is none.</summary>
    private Condition? Function(string name)
    {
        if (++depth > MaxDepth)
            return null;
        Condition? made = name switch
        {
            "is" or "-webkit-any" => List(false, name == "is", CssTokenKind.CloseParen) is { } list ? new ListCondition(list, false, false) : null,
            "where" => List(false, true, CssTokenKind.CloseParen) is { } list ? new ListCondition(list, false, true) : null,
            "not" => List(false, false, CssTokenKind.CloseParen) is { } list ? new ListCondition(list, true, false) : null,
            "has" => Has(),
            "nth-child" => Nth(false, false),
            "nth-last-child" => Nth(false, true),
            "nth-of-type" => Nth(true, false),
            "nth-last-of-type" => Nth(true, true),
            "lang" => Language(),
            "dir" => Direction(),
            "state" => Ignored(new StateCondition()),
            "host" or "host-context" => Ignored(PseudoClasses.Nothing),
            _ => null,
        };
        depth--;
        return made is not null && CloseFunction() ? made : null;
    }

    private Condition Ignored(Condition made)
    {
        SkipBroken(CssTokenKind.CloseParen);
        return made;
    }

    private HasCondition? Has()
    {
        if (isInHas)
            return null;
        isInHas = true;
        var list = List(true, false, CssTokenKind.CloseParen);
        isInHas = false;
        return list is null ? null : new HasCondition(list);
    }

    /// <summary>The one word in the brackets; null if there is another thing or more.</summary>
    private string? Word()
    {
        SkipSpace();
        var word = token.Kind == CssTokenKind.Ident ? CssText.Unescape(token.In(text)) : null;
        if (word is null)
            return null;
        Advance();
        SkipSpace();
        return token.Kind == CssTokenKind.CloseParen ? word : null;
    }

    /// <summary>Strings and lists in :lang() are known to Safari and Firefox, not to Chromium.</summary>
    private PlainCondition? Language()
    {
        var range = Word();
        foreign |= range is null;
        return range is null ? null : new PlainCondition(node => Speech.Fits(node, range));
    }

    private PlainCondition? Direction() => Word()?.ToLowerInvariant() switch
    {
        "ltr" => new PlainCondition(static node => !Speech.IsRightToLeft(node)),
        "rtl" => new PlainCondition(Speech.IsRightToLeft),
        { } => PseudoClasses.Nothing,
        null => null,
    };

    /// <summary>An+B (CSS Syntax §6), read from its text: the tokens cut it where it is of no use.</summary>
    private NthCondition? Nth(bool ofType, bool fromEnd)
    {
        var from = token.Start;
        while (token.Kind is not (CssTokenKind.CloseParen or CssTokenKind.End or CssTokenKind.Comma)
               && !(token.Kind == CssTokenKind.Ident && token.In(text).Equals("of", StringComparison.OrdinalIgnoreCase)))
            Advance();
        if (ReadNth(text.AsSpan(from, token.Start - from)) is not var (step, offset))
            return null;
        if (token.Kind != CssTokenKind.Ident)
            return new NthCondition(step, offset, ofType, fromEnd, null);
        foreign |= !token.In(text).SequenceEqual("of"); // in capitals other browsers take it, Chromium does not
        if (foreign)
            return null;
        Advance();
        return !ofType && List(false, false, CssTokenKind.CloseParen) is { } of ? new NthCondition(step, offset, false, fromEnd, of) : null;
    }

    private static (int Step, int Offset)? ReadNth(ReadOnlySpan<char> formula)
    {
        formula = formula.Trim(" \t\n\r\f");
        if (formula.Equals("odd", StringComparison.OrdinalIgnoreCase))
            return (2, 1);
        if (formula.Equals("even", StringComparison.OrdinalIgnoreCase))
            return (2, 0);
        var n = formula.IndexOfAny('n', 'N');
        if (n < 0)
            return Whole(formula) is { } only ? (0, only) : null;
        int? step = formula[..n] switch { "" or "+" => 1, "-" => -1, var text => Whole(text) };
        var rest = formula[(n + 1)..].Trim(" \t\n\r\f");
        if (step is null || rest.IsEmpty)
            return step is null ? null : (step.Value, 0);
        var sign = rest[0];
        var digits = rest[1..].TrimStart(" \t\n\r\f");
        return sign is '+' or '-' && digits.Length > 0 && char.IsAsciiDigit(digits[0]) && Whole(digits) is { } offset
            ? (step.Value, sign == '-' ? -offset : offset)
            : null;
    }

    private static int? Whole(ReadOnlySpan<char> text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? Math.Clamp(value, -100_000_000, 100_000_000) : null;
}
