using Newsletter.Issues;

namespace Newsletter.Composing;

/// <summary>Decides the choices that are the same for all readers (such as <c>medium</c>), before anything is made of the text around them.</summary>
internal static class LiquidChoices
{
    /// <summary>Without the tags that fit to no other: what an author forgot to end must not reach beyond the body.</summary>
    public static IReadOnlyList<Piece> Balanced(IReadOnlyList<Piece> pieces, ICollection<IssueProblem> problems)
    {
        var (open, stray) = (new Stack<List<int>>(), new HashSet<int>());
        for (var i = 0; i < pieces.Count; i++)
        {
            if (pieces[i].Tag is not { Kind: not TagKind.Output } tag)
                continue;
            if (tag.Kind == TagKind.If)
                open.Push([]);
            if (open.TryPeek(out var group))
                group.Add(i);
            else if (stray.Add(i))
                problems.Add(new(tag.Line, tag.Column, Severity.Error, "if-missing", $"this {tag.Kind.ToString().ToLowerInvariant()} has no if", "write {% if … %} before it, in the same paragraph, list item or cell"));
            if (tag.Kind == TagKind.Endif)
                open.TryPop(out _);
        }
        foreach (var group in open)
        {
            stray.UnionWith(group);
            var first = pieces[group[0]].Tag!;
            problems.Add(new(first.Line, first.Column, Severity.Error, "if-open", "this if has no endif", "write {% endif %} in the same paragraph, list item or cell"));
        }
        return stray.Count == 0 ? pieces : [.. pieces.Where((_, i) => !stray.Contains(i))];
    }

    /// <summary>Pieces of branches that are not taken go, tags of choices that are decided go, all else stays in its order. Groups that do not fit stay as they are.</summary>
    public static IReadOnlyList<Piece> Decide(IReadOnlyList<Piece> pieces, Constants constants)
    {
        var kept = new List<Piece>(pieces.Count);
        var open = new Stack<Group>();
        foreach (var piece in pieces)
        {
            var isLive = !open.TryPeek(out var group) || group.IsLive;
            if (piece.Tag is not { Kind: not TagKind.Output } tag)
                Keep(kept, piece, isLive);
            else if (tag.Kind == TagKind.If)
                open.Push(Begin(tag, isLive));
            else if (group is null)
                kept.Add(piece);
            else if (tag.Kind == TagKind.Endif)
                End(kept, piece, open.Pop());
            else
                group.Next(tag);

            if (piece.Tag is { Kind: TagKind.If or TagKind.Elsif or TagKind.Else } && open.TryPeek(out var now) && now.TakeTag(piece, constants) is { } written)
                kept.Add(written);
        }
        return kept;
    }

    private static Group Begin(Tag tag, bool isLive) => new(tag, isLive);

    private static void Keep(List<Piece> kept, Piece piece, bool isLive)
    {
        if (isLive)
            kept.Add(piece);
    }

    private static void End(List<Piece> kept, Piece piece, Group group)
    {
        if (group.HasWritten)
            kept.Add(piece);
    }

    private sealed class Group(Tag first, bool isOutside)
    {
        private Tag _tag = first;
        private bool _isDecided = !isOutside;

        public bool IsLive { get; private set; }

        /// <summary>Whether a tag of the group was kept, so that its endif must be.</summary>
        public bool HasWritten { get; private set; }

        public void Next(Tag tag) => _tag = tag;

        /// <summary>The tag as it stays; null where it goes.</summary>
        public Piece? TakeTag(Piece piece, Constants constants)
        {
            if (_isDecided)
            {
                IsLive = false;
                return null;
            }

            var isConstant = _tag.When.Name.Length == 0 || constants.Knows(_tag.When.Name);
            var holds = isConstant && _tag.When.Holds(constants.Find);
            IsLive = holds || !isConstant;
            _isDecided = holds;
            if (!IsLive || holds && !HasWritten)
                return null;

            // The first branch that stays is the if; one that holds for all is the else.
            var kind = holds ? TagKind.Else : HasWritten ? TagKind.Elsif : TagKind.If;
            HasWritten = true;
            return piece with { Tag = _tag with { Kind = kind, When = holds ? Condition.Always : _tag.When, Name = holds ? "" : _tag.Name } };
        }
    }
}
