using System.Globalization;

namespace Newsletter.Subscribers;

/// <summary>What is wrong with the text of a segment.</summary>
/// <param name="Column">Where, counted from 1.</param>
/// <param name="Message">What.</param>
/// <param name="Hint">What to write.</param>
public sealed record SegmentProblem(int Column, string Message, string Hint);

/// <summary>Reads the text of a segment: <c>field.city is "Leiden" and not got 41</c>. docs/segments.md has all of it.</summary>
public sealed class SegmentReader
{
    /// <summary>The longest text, in UTF-16 units.</summary>
    public const int MaxText = 4000;

    private const int MaxDepth = 40;
    private const int MaxDaysAgo = 36_500;

    private readonly List<SegmentWord> words;
    private int next;
    private int depth;

    private SegmentReader(List<SegmentWord> words) => this.words = words;

    /// <summary>The filter, or what is wrong: the first fault, since what follows one is guesswork.</summary>
    public static (SegmentFilter? Filter, SegmentProblem? Problem) Read(string text)
    {
        if (text.Length > MaxText)
            return (null, new(MaxText, $"the text has more than {MaxText} letters", "save a part of it as a segment of its own, and ask for that: in NAME"));
        try
        {
            var reader = new SegmentReader(SegmentWord.Cut(text));
            var filter = reader.Whole();
            return reader.Peek is { Kind: SegmentWordKind.End } ? (filter, null) : throw reader.Fault("and, or, except or the end is expected here");
        }
        catch (SegmentFault fault)
        {
            return (null, fault.Problem);
        }
    }

    private SegmentWord Peek => words[next];

    private SegmentFilter Whole()
    {
        if (++depth > MaxDepth)
            throw Fault($"more than {MaxDepth} brackets and nots stand inside one another", "save a part of it as a segment of its own");
        var filter = Either();
        while (Takes("except"))
            filter = new SegmentFilter.And(filter, new SegmentFilter.Not(Either()));
        depth--;
        return filter;
    }

    private SegmentFilter Either()
    {
        var filter = Both();
        while (Takes("or"))
            filter = new SegmentFilter.Or(filter, Both());
        return filter;
    }

    private SegmentFilter Both()
    {
        var filter = Single();
        while (Takes("and"))
            filter = new SegmentFilter.And(filter, Single());
        return filter;
    }

    private SegmentFilter Single()
    {
        if (Takes("not"))
        {
            if (++depth > MaxDepth)
                throw Fault($"more than {MaxDepth} brackets and nots stand inside one another", "save a part of it as a segment of its own");
            var of = Single();
            depth--;
            return new SegmentFilter.Not(of);
        }
        if (!Takes("("))
            return Question();
        var filter = Whole();
        return Takes(")") ? filter : throw Fault("the bracket is not closed", "write ) where it ends");
    }

    private SegmentFilter Question()
    {
        var start = next;
        var name = Peek is { Kind: SegmentWordKind.Plain } word ? word.Text.ToLowerInvariant() : throw Fault("a question is expected here");
        next++;
        switch (name)
        {
            case "everyone":
                return new SegmentFilter.Everyone();
            case "in":
                return new SegmentFilter.In(Value("the name of a segment"));
            case "got":
                return new SegmentFilter.Got(Issue());
            case "replied":
                return new SegmentFilter.Replied(Takes("to") ? Issue() : null, Takes("since") ? Day() : null);
            case "bounced":
                return new SegmentFilter.Bounced(Takes("of") ? Issue() : null, Takes("since") ? Day() : null);
            case "state":
                return Is(() => SubscriptionStates.Read(Value("a standing")) is { } state and not SubscriptionState.Erased
                    ? new SegmentFilter.Stands(state)
                    : throw FaultBefore("this is no standing", "write pending, active, paused, unsubscribed, suspended or complained"));
            case "tag":
                return Is(() => new SegmentFilter.Tag(Value("a tag")));
            case "topic":
                return Is(() => new SegmentFilter.Topic(Value("a topic")));
            case "joined":
                return Dated(SegmentFact.Joined, "");
            case "changed":
                return Dated(SegmentFact.Changed, "");
        }
        if (name.StartsWith("field.", StringComparison.Ordinal))
            return PersonalText.FieldName(name[6..]) == name[6..] && name.Length > 6
                ? About(SegmentFact.Field, name[6..])
                : throw FaultBefore("this is no field's name", "write field.city, in small letters, digits, - and _");
        if (TextFacts.TryGetValue(name, out var fact))
            return About(fact, "");
        next = start;
        throw Fault($"`{PersonalText.OneLine(name, 40)}` is nothing to ask about", "ask about state, tag, topic, email, domain, name, language, time-zone, source, joined, changed, field.NAME, got, replied, bounced, or in a segment");
    }

    private static readonly Dictionary<string, SegmentFact> TextFacts = new()
    {
        ["email"] = SegmentFact.Email, ["domain"] = SegmentFact.Domain, ["name"] = SegmentFact.Name, ["language"] = SegmentFact.Language, ["time-zone"] = SegmentFact.TimeZone, ["source"] = SegmentFact.Source,
    };

    private SegmentFilter Is(Func<SegmentFilter> what)
    {
        if (Takes("!="))
            return new SegmentFilter.Not(what());
        if (!Takes("is") && !Takes("="))
            throw Fault("is or = is expected here");
        return Takes("not") ? new SegmentFilter.Not(what()) : what();
    }

    private SegmentFilter About(SegmentFact fact, string field)
    {
        foreach (var (sign, than) in Signs)
            if (Takes(sign))
                return fact is SegmentFact.Field ? Compared(field, than) : throw FaultBefore("this is no number and no day", "use is, contains, starts with or ends with");
        if (Takes("before") || Takes("after"))
        {
            next--;
            return fact is SegmentFact.Field ? Dated(fact, field) : throw Fault("this is no day", "use is, contains, starts with or ends with");
        }
        SegmentFilter Text(TextTest test) => new SegmentFilter.Words(fact, field, test, Value("a text"));
        if (Takes("contains"))
            return Text(TextTest.Contains);
        if (Takes("starts"))
            return With(() => Text(TextTest.StartsWith));
        if (Takes("ends"))
            return With(() => Text(TextTest.EndsWith));
        return Is(() => Takes("empty") ? new SegmentFilter.Words(fact, field, TextTest.Is, "") : Text(TextTest.Is));
    }

    private SegmentFilter With(Func<SegmentFilter> text) => Takes("with") ? text() : throw Fault("with is expected here");

    private static readonly (string Sign, Comparison Than)[] Signs = [("<=", Comparison.AtMost), (">=", Comparison.AtLeast), ("<", Comparison.Less), (">", Comparison.More)];

    private SegmentFilter Compared(string field, Comparison than)
    {
        if (Peek.Kind is SegmentWordKind.Plain && decimal.TryParse(Peek.Text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && !(words[next + 1].Text.Equals("days", StringComparison.OrdinalIgnoreCase) || words[next + 1].Text.Equals("day", StringComparison.OrdinalIgnoreCase)))
        {
            next++;
            return new SegmentFilter.Number(field, than, number);
        }
        return new SegmentFilter.Day(SegmentFact.Field, field, than, Day());
    }

    private SegmentFilter.Day Dated(SegmentFact fact, string field)
    {
        foreach (var (sign, than) in Signs.Concat([("before", Comparison.Less), ("after", Comparison.More), ("on", Comparison.Equal), ("=", Comparison.Equal), ("is", Comparison.Equal)]))
            if (Takes(sign))
                return new SegmentFilter.Day(fact, field, than, Day());
        throw Fault("before, after, on, <, <=, > or >= is expected here");
    }

    private SegmentDay Day()
    {
        var word = Peek;
        if (word.Kind is SegmentWordKind.End or SegmentWordKind.Sign)
            throw Fault("a day is expected here", "write 2026-05-04, today or 30 days ago");
        next++;
        if (DateOnly.TryParseExact(word.Text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return new(day, 0);
        if (word.Text.Equals("today", StringComparison.OrdinalIgnoreCase))
            return new(null, 0);
        if (int.TryParse(word.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days <= MaxDaysAgo && (Takes("days") || Takes("day")) && Takes("ago"))
            return new(null, days);
        throw FaultBefore("this is no day", "write 2026-05-04, today or 30 days ago");
    }

    private SegmentIssue Issue()
    {
        var isPlain = Peek.Kind is SegmentWordKind.Plain;
        var value = Value("an issue");
        return isPlain && long.TryParse(value.TrimStart('#'), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? new(number, "") : new(null, value);
    }

    private string Value(string what)
    {
        if (Peek.Kind is SegmentWordKind.End or SegmentWordKind.Sign)
            throw Fault($"{what} is expected here", "put it in quotes where it has blanks or signs: \"Leiden\"");
        return PersonalText.OneLine(words[next++].Text, PersonalText.MaxValue);
    }

    /// <summary>Whether a word or sign of ours stands here, and on to the next. In quotes it is a value.</summary>
    private bool Takes(string word)
    {
        if (Peek.Kind is SegmentWordKind.Quoted or SegmentWordKind.End || !Peek.Text.Equals(word, StringComparison.OrdinalIgnoreCase))
            return false;
        next++;
        return true;
    }

    private SegmentFault Fault(string message, string hint = "") => new(new(Peek.Column, Peek.Kind is SegmentWordKind.End ? $"{message}, and the text ends" : message, hint));

    private SegmentFault FaultBefore(string message, string hint) => new(new(words[Math.Max(next - 1, 0)].Column, message, hint));
}
