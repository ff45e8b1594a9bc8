using CsCheck;
using Newsletter.Sending;

namespace Newsletter.Tests.Core.Sending.Pacing;

public sealed class SharesTests
{
    private static readonly Func<int, bool> All = _ => true;

    [Test]
    public void Three_to_one_is_three_to_one_whoever_asks_more_often()
    {
        var shares = new Shares([3, 1]);
        var taken = new int[2];

        for (var i = 0; i < 4000; i++)
            foreach (var which in new[] { 1, 1, 1, 0 })
                Take(shares, taken, which, All);

        Assert.That(taken[0] / 3.0, Is.EqualTo(taken[1]).Within(2 * Shares.Room));
    }

    [Test]
    public void Where_all_weigh_the_same_nobody_waits_for_another()
    {
        var shares = new Shares([5, 5]);
        var taken = new int[2];

        for (var i = 0; i < 100; i++)
            Take(shares, taken, 1, All);

        Assert.That(taken, Is.EqualTo([0, 100]));
    }

    [Test]
    public void While_one_is_away_the_other_takes_all_and_there_is_nothing_to_make_up_for()
    {
        var shares = new Shares([3, 1]);
        var taken = new int[2];
        for (var i = 0; i < 100; i++)
            Take(shares, taken, 1, which => which == 1);
        var alone = taken[1];
        for (var i = 0; i < 400; i++)
            foreach (var which in new[] { 0, 1 })
                Take(shares, taken, which, All);

        Assert.That(alone, Is.EqualTo(100));
        Assert.That(taken[1] - alone, Is.EqualTo(taken[0] / 3.0).Within(2 * Shares.Room));
    }

    [Test]
    public void Who_stands_by_takes_letters_only_while_no_other_can()
    {
        var shares = new Shares([1, 0]);
        var taken = new int[2];

        for (var i = 0; i < 10; i++)
            Take(shares, taken, 1, All);
        for (var i = 0; i < 10; i++)
            Take(shares, taken, 1, which => which == 1);

        Assert.That(taken, Is.EqualTo([0, 10]));
    }

    [Test]
    public void Whatever_the_weights_and_whoever_is_away_somebody_may_always_take_the_next_letter() =>
        Gen.Select(Gen.Int[0, 9].Array[1, 5], Gen.Int[1, 31].Array[1, 200]).Sample((weights, away) =>
        {
            var shares = new Shares(weights);
            foreach (var mask in away)
            {
                bool IsThere(int i) => (mask >> i & 1) == 1;
                var candidates = Enumerable.Range(0, weights.Length).Where(IsThere).ToList();
                if (candidates.Count == 0)
                    continue;
                var takers = candidates.Where(i => shares.MayTake(i, IsThere)).ToList();
                Assert.That(takers, Is.Not.Empty);
                shares.Took(takers[^1]);
            }
        });

    private static void Take(Shares shares, int[] taken, int which, Func<int, bool> isThere)
    {
        if (!shares.MayTake(which, isThere))
            return;
        shares.Took(which);
        taken[which]++;
    }
}
