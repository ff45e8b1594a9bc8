using System.Net;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Newsletter.Addresses;
using Newsletter.Mailroom;
using Newsletter.Storage;
using Newsletter.Subscribers;
using Newsletter.Web;

namespace Newsletter.Tests.Web.Notifications;

/// <summary>A site with the addresses of some providers, and a reader, Zoë, who was sent a letter.</summary>
internal sealed class NotificationHome : IAsyncDisposable
{
    public const string Zoe = "zoe@example.net";
    private static readonly CancellationToken Stop = CancellationToken.None;

    private NotificationHome(SiteHome site, DeliveryId letter) => (Site, Letter) = (site, letter);

    public SiteHome Site { get; }

    /// <summary>Zoë's.</summary>
    public DeliveryId Letter { get; }

    public string MessageId => Site.Ours.MessageId(Letter);

    public static async Task<NotificationHome> OpenAsync(params ProviderVoice[] voices)
    {
        var site = await SiteHome.OpenAsync(services =>
        {
            if (voices.OfType<AmazonVoice>().FirstOrDefault() is { } amazon)
                services.AddSingleton(provider => new SnsAuthority(amazon.Way, amazon.Roots, provider.GetRequiredService<TimeProvider>()));
        }, Role.Web, ["Returns:Incidents:Watch=false", .. voices.SelectMany((voice, at) => voice.Settings(at))]);
        return new(site, await SendAsync(site, Zoe));
    }

    /// <summary>A reader who was sent a letter.</summary>
    public static async Task<DeliveryId> SendAsync(SiteHome site, string address)
    {
        var letter = new DeliveryId(await site.PublishAsync($"issue-{address.Split('@')[0]}"), await site.SubscribeAsync(address));
        await site.Services.GetRequiredService<Database>().WriteAsync(transaction => transaction.Connection!.ExecuteAsync(
            "insert into deliveries (edition_id, subscriber_id, state, state_at, due_at) values (@edition, @subscriber, 'sent', @now, 0)",
            new { edition = letter.Edition.Value, subscriber = letter.Subscriber.Value, now = site.Time.GetUtcNow().ToUnixTimeMilliseconds() }, transaction), Stop);
        return letter;
    }

    public async Task<HttpStatusCode> PostAsync(HttpRequestMessage request)
    {
        using (request)
        using (var answer = await Site.Client.SendAsync(request))
        {
            Assert.That(answer.Headers.Contains("Set-Cookie"), Is.False);
            Assert.That(answer.Headers.Location, Is.Null);
            return answer.StatusCode;
        }
    }

    public async Task<SubscriptionState> StateAsync(DeliveryId? of = null) => (await Site.Subscribers.FindAsync((of ?? Letter).Subscriber, Stop))!.State;

    /// <summary>Waits until everything that is stored has been handled.</summary>
    public async Task SettleAsync()
    {
        var mails = Site.Services.GetRequiredService<ReturnedMailStore>();
        Assert.That(async () => await mails.UnhandledAsync(Stop), Is.Empty.After(120).Seconds.PollEvery(10));
    }

    public Task<IReadOnlyList<InboxThread>> InboxAsync() => Site.Services.GetRequiredService<InboxStore>().ListAsync(null, 100, Stop);

    public ValueTask DisposeAsync() => Site.DisposeAsync();
}
