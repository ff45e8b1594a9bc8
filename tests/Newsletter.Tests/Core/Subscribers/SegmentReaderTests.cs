using CsCheck;
using Newsletter.Subscribers;
using static Newsletter.Subscribers.SegmentFilter;

namespace Newsletter.Tests.Core.Subscribers;

public sealed class SegmentReaderTests
{
    private static readonly SegmentFilter Leiden = new Words(SegmentFact.Field, "city", TextTest.Is, "Leiden");
    private static readonly SegmentFilter Issue41 = new Got(new(41, ""));
    private static readonly SegmentFilter Press = new Tag("press");

    private static readonly (string Text, SegmentFilter Filter)[] Questions =
    [
        ("everyone", new Everyone()),
        ("field.city is Leiden", Leiden),
        ("FIELD.city IS \"Leiden\"", Leiden),
        ("field.city != Leiden", new Not(Leiden)),
        ("field.city is not Leiden", new Not(Leiden)),
        ("field.city is empty", new Words(SegmentFact.Field, "city", TextTest.Is, "")),
        ("field.city is not empty", new Not(new Words(SegmentFact.Field, "city", TextTest.Is, ""))),
        ("field.city is \"empty\"", new Words(SegmentFact.Field, "city", TextTest.Is, "empty")),
        ("name contains \"say \"\"hi\"\"\"", new Words(SegmentFact.Name, "", TextTest.Contains, "say \"hi\"")),
        ("email ends with @ox.ac.uk", new Words(SegmentFact.Email, "", TextTest.EndsWith, "@ox.ac.uk")),
        ("domain starts with mail.", new Words(SegmentFact.Domain, "", TextTest.StartsWith, "mail.")),
        ("field.age >= -1.5", new Number("age", Comparison.AtLeast, -1.5m)),
        ("field.born<2000-01-02", new Day(SegmentFact.Field, "born", Comparison.Less, new(new(2000, 1, 2), 0))),
        ("field.paid > 30 days ago", new Day(SegmentFact.Field, "paid", Comparison.More, new(null, 30))),
        ("joined before today", new Day(SegmentFact.Joined, "", Comparison.Less, new(null, 0))),
        ("changed on 2026-05-04", new Day(SegmentFact.Changed, "", Comparison.Equal, new(new(2026, 5, 4), 0))),
        ("state = Active", new Stands(SubscriptionState.Active)),
        ("topic is jobs", new Topic("jobs")),
        ("got 41", Issue41),
        ("got #41", Issue41),
        ("got \"41\"", new Got(new(null, "41"))),
        ("replied", new Replied(null, null)),
        ("replied to spring-letter since 1 day ago", new Replied(new(null, "spring-letter"), new(null, 1))),
        ("bounced of 41", new Bounced(new(41, ""), null)),
        ("in friends", new In("friends")),
        ("tag is press or tag is press and got 41", new Or(Press, new And(Press, Issue41))),
        ("not tag is press and got 41", new And(new Not(Press), Issue41)),
        ("not (tag is press and got 41)", new Not(new And(Press, Issue41))),
        ("tag is press or got 41 except field.city is Leiden", new And(new Or(Press, Issue41), new Not(Leiden))),
    ];

    [TestCaseSource(nameof(Questions))]
    public void A_question_is_read((string Text, SegmentFilter Filter) question) => Assert.That(SegmentReader.Read(question.Text), Is.EqualTo((question.Filter, (SegmentProblem?)null)));

    [TestCase("", 1, "a question is expected here, and the text ends")]
    [TestCase("tag is press and", 17, "a question is expected here, and the text ends")]
    [TestCase("citty is Leiden", 1, "`citty` is nothing to ask about")]
    [TestCase("field. is x", 1, "this is no field's name")]
    [TestCase("tag press", 5, "is or = is expected here")]
    [TestCase("tag is press tag is x", 14, "and, or, except or the end is expected here")]
    [TestCase("(tag is press", 14, "the bracket is not closed, and the text ends")]
    [TestCase("name is \"Ada", 9, "the quote is not closed")]
    [TestCase("state is asleep", 10, "this is no standing")]
    [TestCase("state is erased", 10, "this is no standing")]
    [TestCase("joined before spring", 15, "this is no day")]
    [TestCase("joined before 2026-02-30", 15, "this is no day")]
    [TestCase("field.age > old", 13, "this is no day")]
    [TestCase("name > 3", 6, "this is no number and no day")]
    [TestCase("name ends Lovelace", 11, "with is expected here")]
    [TestCase("got (", 5, "an issue is expected here")]
    [TestCase("tag is press; drop table subscribers", 15, "and, or, except or the end is expected here")]
    public void What_is_wrong_is_said_with_its_place(string text, int column, string message)
    {
        var (filter, problem) = SegmentReader.Read(text);

        Assert.That((filter, problem?.Column, problem?.Message), Is.EqualTo(((SegmentFilter?)null, (int?)column, message)));
    }

    [Test]
    public void Brackets_a_thousand_deep_and_texts_without_end_are_refused()
    {
        Assert.That(SegmentReader.Read(new string('(', 900)).Problem, Is.Not.Null);
        Assert.That(SegmentReader.Read(string.Concat(Enumerable.Repeat("not ", 900)) + "everyone").Problem, Is.Not.Null);
        Assert.That(SegmentReader.Read(new string('x', 100_000)).Problem, Is.Not.Null);
    }

    [Test]
    public void Any_text_is_read_without_a_throw()
    {
        string[] words = ["tag", "is", "not", "(", ")", "and", "or", "except", "field.x", "\"", "\"a b\"", "<", ">=", "41", "days", "ago", "got", "in", "joined", "before", "2026-05-04", "empty", "=", "!=", "\0", "é"];
        Gen.OneOf(Gen.String, Gen.Int[0, words.Length - 1].Array[0, 12].Select(some => string.Join(' ', some.Select(index => words[index])))).Sample(text =>
        {
            var (filter, problem) = SegmentReader.Read(text);
            return filter is null != problem is null;
        }, iter: 50_000);
    }

    [Test]
    public void Saved_segments_stand_in_for_their_names_but_not_in_themselves()
    {
        var saved = new Dictionary<string, string> { ["press"] = "tag is press", ["both"] = "in press and got 41", ["round"] = "in again", ["again"] = "not in round", ["wrong"] = "tag press" };

        Assert.That(SavedSegment.Resolve(new In("both"), saved.GetValueOrDefault).Filter, Is.EqualTo(new And(Press, Issue41)));
        Assert.That(new[] { "round", "wrong", "none" }.Select(name => SavedSegment.Resolve(new In(name), saved.GetValueOrDefault).Fault), Is.EqualTo(new[]
        {
            "the segment round stands in itself: round → again → round", "the segment wrong is not right: is or = is expected here", "there is no segment `none`",
        }));
    }
}
