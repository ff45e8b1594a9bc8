using Newsletter.Addresses;
using Newsletter.Sending;

namespace Newsletter.Tests.Core.Sending;

public sealed class SubjectTrialTests
{
    private static readonly EditionId Edition = new(7);

    [TestCase(1000, 0.2, 100)]
    [TestCase(1000, 1, 500)]
    [TestCase(10, 0.1, 1)] // at least one each
    [TestCase(1001, 0.5, 251)]
    public void Half_of_the_share_gets_each_subject_and_nobody_both(int readers, double share, int each)
    {
        var (a, b) = SubjectTrial.Draw([.. Enumerable.Range(1, readers).Select(id => (long)id)], Edition, share);

        Assert.That((a.Count, b.Count), Is.EqualTo((each, each)));
        Assert.That(a.Concat(b).Distinct().Count(), Is.EqualTo(2 * each));
    }

    [Test]
    public void The_same_edition_draws_the_same_readers_in_whatever_order_and_another_draws_others()
    {
        var readers = Enumerable.Range(1, 1000).Select(id => (long)id).ToList();

        var first = SubjectTrial.Draw(readers, Edition, 0.2);
        var again = SubjectTrial.Draw([.. Enumerable.Reverse(readers)], Edition, 0.2);
        var other = SubjectTrial.Draw(readers, new(8), 0.2);

        Assert.That((again.A, again.B), Is.EqualTo((first.A, first.B)));
        Assert.That(first.A.Intersect(other.A).Count(), Is.LessThan(30), "ten of a hundred are to be expected");
        Assert.That(first.A.Count(id => id <= 500), Is.InRange(30, 70), "no part of the list is preferred");
    }

    [Test]
    public void Nobody_is_drawn_from_an_empty_list() => Assert.That(SubjectTrial.Draw([], Edition, 0.5).A, Is.Empty);

    [TestCase(0, 0, 0, 0, "a", "nothing that its readers did")] // nobody did anything
    [TestCase(2, 0, 5, 0, "a", "nothing that its readers did")] // three more is what chance gives with seven
    [TestCase(2, 0, 20, 0, "b", "by what its readers did")]
    [TestCase(20, 0, 2, 0, "a", "by what its readers did")]
    [TestCase(0, 30, 0, 2, "b", "by what its readers did")] // who leaves speaks against it
    public void B_wins_where_it_leads_by_more_than_chance_easily_gives(long repliesA, long leftA, long repliesB, long leftB, string winner, string how)
    {
        var (won, words) = SubjectTrial.Winner(new(1000, repliesA, leftA, 0), new(1000, repliesB, leftB, 0));

        Assert.That(won, Is.EqualTo(winner), words);
        Assert.That(words, Does.Contain(how));
    }
}
