namespace Newsletter.Inlining;

/// <summary>What became of the text before a rule's brace.</summary>
/// <param name="Selectors">Empty if a browser would drop the rule.</param>
/// <param name="IsForeign">It was dropped for a pseudo-class or -element that another program may know (::-moz-…).</param>
internal readonly record struct SelectorList(List<Selector> Selectors, bool IsForeign);

/// <summary>Reads selectors (Selectors Level 4) into a form that is matched without looking at text again.</summary>
internal sealed partial class SelectorParser
{
    /// <summary>:not(:is(:not(… beyond this is taken as broken.</summary>
    private const int MaxDepth = 32;

    /// <summary>Compounds in one selector; matching recurses over them.</summary>
    private const int MaxCompounds = 512;

    private readonly string text;
    private CssTokenizer tokens;
    private CssToken token;
    private bool foreign;
    private readonly Namespaces namespaces;
    private readonly List<Selector>? roots;
    private int depth;
    private bool isInHas;

    private SelectorParser(string text, Namespaces namespaces, List<Selector>? roots)
    {
        (this.text, this.namespaces, this.roots) = (text, namespaces, roots);
        tokens = new CssTokenizer(text);
        Advance();
    }

    /// <param name="text">Everything before a rule's brace.</param>
    /// <param name="namespaces">What its sheet declares; null for nothing.</param>
    /// <param name="roots">Within @scope: what :scope is. Selectors may begin with a combinator there.</param>
    public static SelectorList Parse(string text, Namespaces? namespaces = null, List<Selector>? roots = null)
    {
        var parser = new SelectorParser(text, namespaces ?? Namespaces.None, roots);
        var list = parser.List(relative: false, forgiving: false, CssTokenKind.End);
        return list is null ? new SelectorList([], parser.foreign) : new SelectorList(list, false);
    }

    /// <summary>The selectors in the brackets behind @scope. Without any the scope is the parent of the style element, and may be any element.</summary>
    public static List<Selector> ScopeRoots(string prelude, Namespaces namespaces)
    {
        if (!prelude.StartsWith('('))
            return Parse("*").Selectors;
        var parser = new SelectorParser(prelude[1..], namespaces, null);
        return parser.List(relative: false, forgiving: true, CssTokenKind.CloseParen) ?? [];
    }

    /// <summary>The selectors of a list as text, split at its outer commas.</summary>
    public static List<string> Split(string text)
    {
        var tokens = new CssTokenizer(text);
        var made = new List<string>();
        var open = 0;
        var from = 0;
        for (var token = tokens.Next(); ; token = tokens.Next())
        {
            if (token.Kind is CssTokenKind.OpenParen or CssTokenKind.Function or CssTokenKind.OpenBracket)
                open++;
            else if (token.Kind is CssTokenKind.CloseParen or CssTokenKind.CloseBracket)
                open--;
            if (token.Kind != CssTokenKind.End && (token.Kind != CssTokenKind.Comma || open > 0))
                continue;
            made.Add(text[from..token.Start].Trim());
            from = token.End;
            if (token.Kind == CssTokenKind.End)
                return made;
        }
    }

    private void Advance() => token = tokens.Next();

    private bool SkipSpace()
    {
        var any = false;
        for (; token.IsBlank; any = true)
            Advance();
        return any;
    }

    /// <summary>Selectors up to <paramref name="close"/>, which is left to be read; null if the list is broken.</summary>
    private List<Selector>? List(bool relative, bool forgiving, CssTokenKind close)
    {
        var made = new List<Selector>();
        while (true)
        {
            var from = token.Start;
            var selector = Complex(relative, close);
            if (selector is not null)
                made.Add(selector);
            else if (!forgiving)
                return null;
            else
                SkipBroken(from, close);
            if (token.Kind == close)
                return made.Count > 0 || forgiving ? made : null;
            if (token.Kind != CssTokenKind.Comma)
                return null;
            Advance();
        }
    }

    /// <summary>In a forgiving list a broken selector ends at the next comma of its own level: read again from its beginning, for it may have broken off within brackets.</summary>
    private void SkipBroken(int from, CssTokenKind close)
    {
        tokens.Position = from;
        Advance();
        SkipBroken(close);
    }

    private void SkipBroken(CssTokenKind close)
    {
        for (var open = 0; token.Kind != CssTokenKind.End; Advance())
        {
            if (open == 0 && (token.Kind == CssTokenKind.Comma || token.Kind == close))
                return;
            if (token.Kind is CssTokenKind.OpenParen or CssTokenKind.Function or CssTokenKind.OpenBracket)
                open++;
            else if (token.Kind is CssTokenKind.CloseParen or CssTokenKind.CloseBracket)
                open--;
        }
    }

    private Selector? Complex(bool relative, CssTokenKind close)
    {
        SkipSpace();
        var from = token.Start;
        var compounds = new List<Compound>();
        if (relative)
            compounds.Add(new Compound { IsScope = true });
        var before = relative ? Leading() : Combinator.None;
        if (!relative && roots is not null && ReadCombinator() is { } leading)
        {
            before = leading;
            compounds.Add(new Compound());
            compounds[0].Add(new RootCondition(roots, 0));
            SkipSpace();
        }
        while (compounds.Count < MaxCompounds)
        {
            var compound = Compound(out var pseudoElement);
            if (compound is null || (pseudoElement && depth > 0))
                return null; // a part of an element is no case of :is() or :not()
            compound.Before = before;
            compounds.Add(compound);
            var to = token.Start;
            var space = SkipSpace();
            if (token.Kind == close || token.Kind == CssTokenKind.Comma)
                return new Selector(compounds, text[from..to], pseudoElement);
            before = ReadCombinator() ?? (space ? Combinator.Descendant : Combinator.None);
            if (before == Combinator.None || pseudoElement)
                return null;
            SkipSpace();
        }
        return null;
    }

    private Combinator Leading()
    {
        var read = ReadCombinator();
        SkipSpace();
        return read ?? Combinator.Descendant;
    }

    private Combinator? ReadCombinator()
    {
        if (token.Kind != CssTokenKind.Delim)
            return null;
        Combinator? read = text[token.Start] switch
        {
            '>' => Combinator.Child,
            '+' => Combinator.NextSibling,
            '~' => Combinator.LaterSibling,
            _ => null,
        };
        if (read is not null)
            Advance();
        return read;
    }

    private Compound? Compound(out bool pseudoElement)
    {
        var made = new Compound();
        pseudoElement = false;
        if (TypeName(made) is not { } any)
            return null;
        while (true)
        {
            bool? read = token.Kind switch
            {
                CssTokenKind.Hash => AddId(made),
                CssTokenKind.OpenBracket when !pseudoElement => Attribute(made),
                CssTokenKind.Colon => Pseudo(made, ref pseudoElement),
                CssTokenKind.Delim when text[token.Start] == '&' && !pseudoElement => AddParent(made),
                CssTokenKind.Delim when text[token.Start] == '.' && !pseudoElement => AddClass(made),
                _ => null,
            };
            if (read == false)
                return null;
            if (read is null)
                return any ? made : null;
            any = true;
        }
    }

    /// <summary>A name or *, perhaps with a namespace before it. False if there is none, null if the namespace was not declared.</summary>
    private bool? TypeName(Compound made)
    {
        made.Space = depth == 0 ? namespaces.Default : Space.Any;
        var first = token;
        var isBar = token.IsDelim(text, '|');
        if (!isBar && !IsName(token))
            return false;
        if (!isBar)
            Advance();
        if (!token.IsDelim(text, '|'))
        {
            made.Space = namespaces.Default;
            SetName(made, first);
            return true;
        }
        if ((isBar ? Space.None : namespaces.Find(first.In(text))) is not { } space)
            return null;
        Advance();
        made.Space = space;
        if (!IsName(token))
            return false;
        SetName(made, token);
        Advance();
        return true;
    }

    private bool IsName(CssToken token) => token.Kind == CssTokenKind.Ident || token.IsDelim(text, '*');

    private void SetName(Compound made, CssToken name)
    {
        if (name.Kind != CssTokenKind.Ident)
            return;
        made.Name = CssText.Unescape(name.In(text));
        made.LowerName = made.Name.ToLowerInvariant();
    }

    /// <summary>&amp; outside of any other rule is :scope, but weighs nothing (CSS Nesting §4).</summary>
    private bool AddParent(Compound made)
    {
        made.Add(roots is null ? PseudoClasses.Parent : new RootCondition(roots, 0));
        Advance();
        return true;
    }

    private bool AddId(Compound made)
    {
        var name = token.In(text)[1..];
        if (char.IsAsciiDigit(name[0]) || (name[0] == '-' && (name.Length == 1 || char.IsAsciiDigit(name[1]))))
            return false; // a hash that is no identifier
        made.AddId(CssText.Unescape(name));
        Advance();
        return true;
    }

    private bool AddClass(Compound made)
    {
        Advance();
        if (token.Kind != CssTokenKind.Ident)
            return false;
        made.AddClass(CssText.Unescape(token.In(text)));
        Advance();
        return true;
    }
}
