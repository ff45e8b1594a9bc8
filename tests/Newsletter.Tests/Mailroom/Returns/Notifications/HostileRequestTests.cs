using System.Text;
using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Newsletter.Classifying;
using Newsletter.Mailroom;

namespace Newsletter.Tests.Mailroom.Returns.Notifications;

/// <summary>Before a proof is looked at anyone may have written the request: whatever it holds, the answer is no, and nothing throws.</summary>
public sealed class HostileRequestTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    private static readonly string[] Values =
    [
        "", " ", "v1,", "v1,AAAA", "v1," + new string('A', 44), "v1,AAAA v1,\u00e9 v1a,x", "1772442000", "-1772442000", "99999999999", "999999999999", "17724420 0", "MEUCIQ==", "====", new('A', 5_000),
        "Basic ", "Basic \u0000", "Bearer", "Bearer x", "msg_1", "\ud800",
    ];

    private static readonly string[] Bodies =
    [
        "", "{}", "[]", "null", "7", "\"x\"", "{\"signature\":null}", "{\"signature\":{\"timestamp\":null,\"token\":7}}", "{\"signature\":{\"timestamp\":\"\\ud800\",\"token\":\"x\",\"signature\":\"" + "\u00e9" + "\"}}",
        "{\"signature\":{\"timestamp\":[1],\"token\":\"\\ud800\",\"signature\":\"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"}}",
        "{\"signature\":{\"timestamp\":\"1772442000\",\"token\":\"\\udc00\",\"signature\":\"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"}}",
        "{\"Type\":\"Notification\",\"TopicArn\":\"arn:aws:sns:eu-west-1:123456789012:bounces\",\"Message\":\"\",\"MessageId\":\"\",\"Timestamp\":\"x\",\"Signature\":\"x\",\"SigningCertURL\":\"x\"}",
        "{\"Type\":\"Notification\",\"TopicArn\":\"arn:aws:sns:eu-west-1:123456789012:bounces\",\"Message\":\"\\ud800\",\"MessageId\":\"\",\"Timestamp\":\"2026-03-02T09:00:00Z\",\"Signature\":\"AAAA\",\"SignatureVersion\":\"1\",\"SigningCertURL\":\"https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem\"}",
        "{\"Type\":\"Notification\",\"TopicArn\":\"arn:aws:sns:eu-west-1:123456789012:bounces\",\"Message\":\"\",\"MessageId\":\"\",\"Timestamp\":\"2026-03-02T09:00:00Z\",\"Signature\":\"AAAA\",\"SignatureVersion\":\"2\",\"SigningCertURL\":\"https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem\"}",
        "{\"Type\":7}", "{\"Type\":\"SubscriptionConfirmation\"}", new('[', 100_000),
    ];

    [Test]
    public void Whatever_it_holds_it_is_refused()
    {
        using var amazon = new SnsAuthority(new Nowhere(), null, TimeProvider.System);
        var proofs = Proofs(amazon);

        Gen.Select(Gen.Int[0, Bodies.Length - 1], Gen.Int[0, Values.Length - 1].Array[4], Gen.Int[0, 300], Gen.Byte).Sample((body, values, place, octet) =>
        {
            var bytes = Encoding.UTF8.GetBytes(Bodies[body]);
            if (bytes.Length > 0 && octet % 2 == 0)
                bytes[place % bytes.Length] = octet;
            var posted = new PostedNotification(bytes, name => Values[values[name.Length % 4]]);
            foreach (var proof in proofs)
                Assert.That(proof.CheckAsync(posted, Now, CancellationToken.None).GetAwaiter().GetResult(), Is.Not.InstanceOf<Proof.Holds>().And.Not.InstanceOf<Proof.Settled>());
        }, iter: 5_000, threads: 1);
    }

    private static List<INotificationProof> Proofs(SnsAuthority amazon) =>
    [
        new SnsProof(new() { Kind = NotificationForm.Ses, Topics = ["arn:aws:sns:eu-west-1:123456789012:bounces"] }, amazon, NullLogger.Instance),
        new SendGridProof(new() { Kind = NotificationForm.SendGrid, Keys = [Setting(new SendGridVoice())] }),
        new MailgunProof(new() { Kind = NotificationForm.Mailgun, Keys = ["0123456789abcdef"] }),
        new WebhookProof(new() { Kind = NotificationForm.Generic, Keys = [Setting(new ScriptVoice())] }),
        new SecretProof(new() { Kind = NotificationForm.Postmark, User = "u", Password = "0123456789abcdef", Header = "X-Secret", Keys = ["0123456789abcdef"] }),
    ];

    private static string Setting(ProviderVoice voice) => voice.Settings(0).Single(each => each.Contains("Keys:0=", StringComparison.Ordinal)).Split('=', 2)[1];

    private sealed class Nowhere : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => throw new HttpRequestException("there is no network in this test");
    }
}
