using System.Net;
using System.Text;
using Newsletter.Subscribers;

namespace Newsletter.Tests.Web.Notifications;

/// <summary>What holds for every provider, over real HTTP: who proves to be it acts, and nobody else.</summary>
public sealed class ProvidersTests
{
    private static IEnumerable<ProviderVoice> Each() => [.. Voices.All(), new AmazonVoice(), new AmazonVoice { Version = "1" }];

    private static IEnumerable<ProviderVoice> WhoSignTheTime() => Each().Where(voice => voice.HasTime);

    private static IEnumerable<ProviderVoice> WhoSignWords() => WhoSignTheTime().Where(voice => voice is not MailgunVoice);

    private static IEnumerable<ProviderVoice> WhoTellSeveralAtOnce() => Each().Where(voice => voice.HasBatches);

    [TestCaseSource(nameof(Each))]
    public async Task A_right_proof_acts_on_the_reader_whom_the_seal_names(ProviderVoice voice)
    {
        await using var home = await NotificationHome.OpenAsync(voice);

        var status = await home.PostAsync(voice.Post(voice.Bounce(NotificationHome.Zoe, home.MessageId), home.Site.Time.GetUtcNow()));

        await home.SettleAsync();
        Assert.That((status, await home.StateAsync()), Is.EqualTo((HttpStatusCode.OK, SubscriptionState.Suspended)));
        Assert.That((await home.Site.Subscribers.HistoryAsync(home.Letter.Subscriber, CancellationToken.None))[^1].Change.Edition, Is.EqualTo(home.Letter.Edition));
        Assert.That(await home.Site.DumpAsync(), Does.Contain($"notifications {voice.Name}").And.Contain($"|{voice.Name}|{(voice.HasTime ? "signature" : "secret")}"));
    }

    [TestCaseSource(nameof(Each))]
    public async Task Without_a_proof_and_with_anothers_nothing_is_stored(ProviderVoice voice)
    {
        await using var home = await NotificationHome.OpenAsync(voice);
        var another = voice is AmazonVoice ? new AmazonVoice() : Voices.All().Single(each => each.Kind == voice.Kind);
        var (before, bounce) = (await home.Site.DumpAsync(), voice.Bounce(NotificationHome.Zoe, home.MessageId));

        var missing = await home.PostAsync(voice.Unproven(bounce));
        var wrong = await home.PostAsync(another.Post(bounce, home.Site.Time.GetUtcNow()));

        Assert.That((missing, wrong), Is.EqualTo((HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden)));
        Assert.That(await home.Site.DumpAsync(), Is.EqualTo(before));
    }

    [TestCaseSource(nameof(WhoSignWords))]
    public async Task Signed_words_that_were_changed_on_the_way_are_refused(ProviderVoice voice)
    {
        await using var home = await NotificationHome.OpenAsync(voice);
        var before = await home.Site.DumpAsync();
        var request = voice.Post(voice.Bounce("olof@example.net", home.MessageId), home.Site.Time.GetUtcNow());
        var changed = (await request.Content!.ReadAsStringAsync()).Replace("olof", "alof", StringComparison.Ordinal);
        request.Content = new StringContent(changed, Encoding.UTF8, "application/json");

        Assert.That(await home.PostAsync(request), Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(await home.Site.DumpAsync(), Is.EqualTo(before));
    }

    [TestCaseSource(nameof(WhoSignTheTime))]
    public async Task A_time_that_is_too_old_or_lies_ahead_is_refused(ProviderVoice voice)
    {
        await using var home = await NotificationHome.OpenAsync(voice);
        var (before, now) = (await home.Site.DumpAsync(), home.Site.Time.GetUtcNow());

        var old = await home.PostAsync(voice.Post(voice.Bounce(NotificationHome.Zoe), now.AddHours(-26)));
        var ahead = await home.PostAsync(voice.Post(voice.Bounce(NotificationHome.Zoe), now.AddMinutes(6)));

        Assert.That((old, ahead), Is.EqualTo((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden)));
        Assert.That(await home.Site.DumpAsync(), Is.EqualTo(before));
    }

    [TestCaseSource(nameof(Each))]
    public async Task The_same_request_again_is_answered_alike_and_changes_nothing(ProviderVoice voice)
    {
        await using var home = await NotificationHome.OpenAsync(voice);
        var (bounce, now) = (voice.Bounce(NotificationHome.Zoe, home.MessageId), home.Site.Time.GetUtcNow());
        var first = voice.Post(bounce, now);
        var again = await CopyAsync(first);
        await home.PostAsync(first);
        await home.SettleAsync();
        var before = await home.Site.DumpAsync();

        var status = await home.PostAsync(again);

        await home.SettleAsync();
        Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await home.Site.DumpAsync(), Is.EqualTo(before));
    }

    [TestCaseSource(nameof(Each))]
    public async Task An_event_without_a_seal_is_about_the_newest_letter_to_its_address_and_says_so(ProviderVoice voice)
    {
        await using var home = await NotificationHome.OpenAsync(voice);

        await home.PostAsync(voice.Post(voice.Bounce("Zoe@Example.NET"), home.Site.Time.GetUtcNow()));

        await home.SettleAsync();
        Assert.That(await home.StateAsync(), Is.EqualTo(SubscriptionState.Suspended));
        Assert.That(await home.Site.DumpAsync(), Does.Contain("no seal: the newest delivery of 14 days"));
    }

    [TestCaseSource(nameof(WhoTellSeveralAtOnce))]
    public async Task One_bad_event_of_a_batch_keeps_none_of_the_others(ProviderVoice voice)
    {
        await using var home = await NotificationHome.OpenAsync(voice);
        var events = voice.Bounce(NotificationHome.Zoe, home.MessageId).Trim('[', ']');

        var status = await home.PostAsync(voice.Post($$"""[17,{"event":["\ud800"]},{{new string('[', 40)}}{{new string(']', 40)}},{{events}}]""", home.Site.Time.GetUtcNow()));

        await home.SettleAsync();
        Assert.That((status, await home.StateAsync()), Is.EqualTo((HttpStatusCode.OK, SubscriptionState.Suspended)));
    }

    private static async Task<HttpRequestMessage> CopyAsync(HttpRequestMessage request)
    {
        var copy = new HttpRequestMessage(request.Method, request.RequestUri) { Content = new StringContent(await request.Content!.ReadAsStringAsync(), Encoding.UTF8, request.Content.Headers.ContentType!.MediaType!) };
        foreach (var (name, values) in request.Headers)
            copy.Headers.TryAddWithoutValidation(name, values);
        return copy;
    }
}
