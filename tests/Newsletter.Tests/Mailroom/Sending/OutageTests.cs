using System.Data.Common;
using Microsoft.Extensions.Time.Testing;
using Newsletter.Mailroom;

namespace Newsletter.Tests.Mailroom.Sending;

/// <summary>A database that is away is waited for, a minute from when it went and not from when the work began.</summary>
public sealed class OutageTests
{
    private readonly FakeTimeProvider clock = new();

    [Test]
    public void Work_that_has_lasted_for_hours_is_taken_up_again_however_often_the_database_goes()
    {
        var times = 0;

        Hasten(Outage.LastAsync(() =>
        {
            clock.Advance(TimeSpan.FromHours(2));
            return ++times < 4 ? Task.FromException(new AwayException()) : Task.CompletedTask;
        }, clock));

        Assert.That(times, Is.EqualTo(4));
    }

    [Test]
    public void A_database_that_stays_away_for_a_minute_is_an_error()
    {
        var start = clock.GetUtcNow();

        Assert.That(() => Hasten(Outage.LastAsync(() => Task.FromException(new AwayException()), clock)), Throws.InstanceOf<AwayException>());

        Assert.That(clock.GetUtcNow() - start, Is.EqualTo(TimeSpan.FromMinutes(1)));
    }

    private void Hasten(Task work)
    {
        while (!work.IsCompleted)
            clock.Advance(TimeSpan.FromMilliseconds(250));
        work.GetAwaiter().GetResult();
    }

    private sealed class AwayException : DbException
    {
        public override bool IsTransient => true;
    }
}
