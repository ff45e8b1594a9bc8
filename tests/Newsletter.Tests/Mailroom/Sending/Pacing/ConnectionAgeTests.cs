using Microsoft.Extensions.Time.Testing;
using Newsletter.Addresses;
using Newsletter.Composing;
using Newsletter.Mailroom;
using Newsletter.Tests.Core.Composing;

namespace Newsletter.Tests.Mailroom.Sending.Pacing;

public sealed class ConnectionAgeTests
{
    [TestCase(RelayWay.MailKit)]
    [TestCase(RelayWay.Bulk)]
    public async Task A_connection_that_has_become_old_is_renewed_between_two_letters(RelayWay way)
    {
        await using var server = new LoopbackSmtp();
        var clock = new FakeTimeProvider();
        var relay = new RelayOptions { Host = "127.0.0.1", Port = server.Port, Security = RelaySecurity.None, Way = way, MaxConnectionAge = TimeSpan.FromMinutes(9) };
        await using var connection = new SmtpTransport(relay, clock).Open();

        for (var i = 0; i < 4; i++)
        {
            await connection.SendAsync(Letter(i));
            clock.Advance(TimeSpan.FromMinutes(4.5));
        }

        Assert.That(server.Letters.Select(letter => letter.Connection), Is.EqualTo([1, 1, 2, 2]));
        Assert.That(server.Commands.Count(line => line.EndsWith("QUIT", StringComparison.Ordinal)), Is.GreaterThanOrEqualTo(1), "with a goodbye, not by a cut");
    }

    private static Letter Letter(int number) => Letters.Writer(DkimSeal.None).Write(new(new(1), new(number)), EmailAddress.Read($"reader{number}@example.com")!, new PersonalValues { Name = "R", Email = $"reader{number}@example.com" });
}
