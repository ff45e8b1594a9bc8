using System.Net;
using Newsletter.Subscribers;

namespace Newsletter.Tests.Web.Notifications;

/// <summary>Amazon SNS: whose certificate counts, and which subscriptions are confirmed.</summary>
public sealed class AmazonTests
{
    private const string Subscribe = $"https://{AmazonVoice.Host}/?Action=ConfirmSubscription&Token=abc";
    private readonly AmazonVoice amazon = new();

    [Test]
    public async Task A_subscription_to_a_topic_of_ours_is_confirmed_by_itself()
    {
        await using var home = await NotificationHome.OpenAsync(amazon);

        var status = await home.PostAsync(amazon.Message("SubscriptionConfirmation", "You have chosen", home.Site.Time.GetUtcNow(), new() { ["Token"] = "abc", ["SubscribeURL"] = Subscribe }));

        Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(amazon.Asked, Is.EqualTo(new[] { AmazonVoice.Certificate, Subscribe }));
    }

    [TestCase("https://evil.example/?Action=ConfirmSubscription")]
    [TestCase("http://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription")]
    [TestCase("https://sns.eu-west-1.amazonaws.com:8443/?Action=ConfirmSubscription")]
    [TestCase("https://sns.eu-west-1.amazonaws.com.evil.example/")]
    [TestCase("https://evil@sns.eu-west-1.amazonaws.com/")]
    [TestCase("https://sns.us-east-1.amazonaws.com/")]
    [TestCase("nonsense")]
    public async Task A_subscription_whose_address_leads_elsewhere_is_not(string address)
    {
        await using var home = await NotificationHome.OpenAsync(amazon);

        var status = await home.PostAsync(amazon.Message("SubscriptionConfirmation", "You have chosen", home.Site.Time.GetUtcNow(), new() { ["Token"] = "abc", ["SubscribeURL"] = address }));

        Assert.That(status, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(amazon.Asked, Has.None.EqualTo(address));
    }

    [TestCase("https://evil.example/SimpleNotificationService-0123456789abcdef.pem")]
    [TestCase("http://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem")]
    [TestCase("https://sns.eu-west-1.amazonaws.com/mine.pem")]
    [TestCase("https://sns.eu-west-1.amazonaws.com/a/SimpleNotificationService-0123456789abcdef.pem")]
    [TestCase("https://sns.eu-west-1.amazonaws.com/?Action=GetTopicAttributes")]
    [TestCase("file:///etc/passwd")]
    public async Task A_certificate_of_any_other_place_is_not_even_asked_for(string address)
    {
        await using var home = await NotificationHome.OpenAsync(amazon);
        var before = await home.Site.DumpAsync();

        var status = await home.PostAsync(amazon.Message("Notification", amazon.Bounce(NotificationHome.Zoe), home.Site.Time.GetUtcNow(), new() { ["SigningCertURL"] = address }));

        Assert.That(status, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(amazon.Asked, Is.Empty);
        Assert.That(await home.Site.DumpAsync(), Is.EqualTo(before));
    }

    [Test]
    public async Task A_topic_that_is_not_ours_is_refused_without_asking_for_anything()
    {
        await using var home = await NotificationHome.OpenAsync(amazon);

        var status = await home.PostAsync(amazon.Message("Notification", amazon.Bounce(NotificationHome.Zoe), home.Site.Time.GetUtcNow(), new() { ["TopicArn"] = AmazonVoice.Topic + "2" }));

        Assert.That((status, amazon.Asked.Count), Is.EqualTo((HttpStatusCode.Forbidden, 0)));
    }

    [Test]
    public async Task A_certificate_of_an_authority_that_is_not_trusted_is_not_taken_and_SNS_is_told_to_come_again()
    {
        var other = new AmazonVoice { Roots = amazon.Roots };
        await using var home = await NotificationHome.OpenAsync(other);
        var before = await home.Site.DumpAsync();

        Assert.That(await home.PostAsync(other.Post(other.Bounce(NotificationHome.Zoe), home.Site.Time.GetUtcNow())), Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(await home.Site.DumpAsync(), Is.EqualTo(before));
    }

    [Test]
    public async Task A_certificate_of_another_name_proves_nothing_though_its_authority_is_trusted()
    {
        var other = new AmazonVoice("mail.evil.example");
        await using var home = await NotificationHome.OpenAsync(other);

        Assert.That(await home.PostAsync(other.Post(other.Bounce(NotificationHome.Zoe), home.Site.Time.GetUtcNow())), Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(await home.StateAsync(), Is.EqualTo(SubscriptionState.Active));
    }

    [Test]
    public async Task The_certificate_is_asked_for_once()
    {
        await using var home = await NotificationHome.OpenAsync(amazon);

        foreach (var _ in Enumerable.Range(0, 5))
            await home.PostAsync(amazon.Post(amazon.Bounce("nobody@example.net"), home.Site.Time.GetUtcNow()));

        Assert.That(amazon.Asked, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Who_knows_the_topic_can_make_us_ask_ten_times_a_minute_and_no_more()
    {
        await using var home = await NotificationHome.OpenAsync(amazon);
        await home.PostAsync(amazon.Post(amazon.Bounce("nobody@example.net"), home.Site.Time.GetUtcNow()));

        foreach (var i in Enumerable.Range(0, 30))
            await home.PostAsync(new AmazonVoice().Message("Notification", "{}", home.Site.Time.GetUtcNow(), new() { ["SigningCertURL"] = $"https://{AmazonVoice.Host}/SimpleNotificationService-{i}.pem" }));

        Assert.That(amazon.Asked, Has.Count.EqualTo(10));
        Assert.That(await home.PostAsync(amazon.Post(amazon.Bounce("nobody@example.net"), home.Site.Time.GetUtcNow())), Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task A_certificate_that_is_known_counts_for_weeks_though_strangers_use_up_the_asking()
    {
        await using var home = await NotificationHome.OpenAsync(amazon);
        await home.PostAsync(amazon.Post(amazon.Bounce("nobody@example.net"), home.Site.Time.GetUtcNow()));
        home.Site.Time.Advance(TimeSpan.FromDays(20));
        foreach (var i in Enumerable.Range(0, 12))
            await home.PostAsync(new AmazonVoice().Message("Notification", "{}", home.Site.Time.GetUtcNow(), new() { ["SigningCertURL"] = $"https://{AmazonVoice.Host}/SimpleNotificationService-{i}.pem" }));

        var status = await home.PostAsync(amazon.Post(amazon.Bounce(NotificationHome.Zoe), home.Site.Time.GetUtcNow()));

        Assert.That((status, amazon.Asked.Count(address => address == AmazonVoice.Certificate)), Is.EqualTo((HttpStatusCode.OK, 1)));
    }

    [Test]
    public async Task A_new_certificate_at_the_same_address_is_asked_for_when_the_old_one_fails_and_is_a_day_old()
    {
        await using var home = await NotificationHome.OpenAsync(amazon);
        await home.PostAsync(amazon.Post(amazon.Bounce("nobody@example.net"), home.Site.Time.GetUtcNow()));
        amazon.Renew();

        var soon = await home.PostAsync(amazon.Post(amazon.Bounce("nobody@example.net"), home.Site.Time.GetUtcNow()));
        home.Site.Time.Advance(TimeSpan.FromDays(1));
        var later = await home.PostAsync(amazon.Post(amazon.Bounce("nobody@example.net"), home.Site.Time.GetUtcNow()));

        Assert.That((soon, later, amazon.Asked.Count), Is.EqualTo((HttpStatusCode.Forbidden, HttpStatusCode.OK, 2)));
    }

    [Test]
    public async Task The_end_of_a_subscription_is_heard_and_asks_for_nothing()
    {
        await using var home = await NotificationHome.OpenAsync(amazon);
        var before = await home.Site.DumpAsync();

        var status = await home.PostAsync(amazon.Message("UnsubscribeConfirmation", "You have chosen to deactivate", home.Site.Time.GetUtcNow(), new() { ["Token"] = "abc", ["SubscribeURL"] = Subscribe }));

        Assert.That((status, amazon.Asked.Count), Is.EqualTo((HttpStatusCode.OK, 1)));
        Assert.That(await home.Site.DumpAsync(), Is.EqualTo(before));
    }
}
