using System.Text;
using CsCheck;
using Newsletter.Classifying;

namespace Newsletter.Tests.Classifying.Notifications;

/// <summary>A signature says who wrote, not what: any JSON, and what is none, has an answer.</summary>
public sealed class HostileEventTests
{
    private static readonly string[] Names =
    [
        "event", "email", "status", "reason", "type", "response", "smtp-id", "event-data", "recipient", "severity", "delivery-status", "code", "message", "headers", "message-id",
        "RecordType", "Type", "Email", "Details", "SuppressSending", "Message", "MessageId", "notificationType", "eventType", "bounce", "complaint", "mail", "bouncedRecipients", "emailAddress", "events", "diagnostic", "destination", "reject",
        "subscription", "newTopicPreferences", "", "\\ud800", "a\\u0000b",
    ];

    private static readonly string[] Values =
    [
        "null", "true", "7", "-1e400", "\"\"", "\"bounce\"", "\"failed\"", "\"Bounce\"", "\"Notification\"", "\"ida@harbour.example\"", "\"550 5.1.1 no such user\"", "\"\\ud83d\"", "\"\\ude00\\ud83d x@y.example\"", "\"\\u0000\"", "\"{\\\"notificationType\\\":\\\"Bounce\\\",\\\"bounce\\\":{\\\"bouncedRecipients\\\":[{\\\"emailAddress\\\":\\\"\\\\ud800@x.example\\\"}]}}\"",
        "\"temporary\"", "\"SubscriptionChange\"", "\"Reject\"", "{}", "[]",
    ];

    private static readonly Gen<string> Json = Gen.Recursive<string>((depth, inner) => depth > 5 ? Gen.Int[0, Values.Length - 1].Select(i => Values[i]) : Gen.Frequency(
        (2, Gen.Int[0, Values.Length - 1].Select(i => Values[i])),
        (3, Gen.Select(Gen.Int[0, Names.Length - 1].Select(i => Names[i]), inner).Array[0, 5].Select(members => $"{{{string.Join(',', members.Select(member => $"\"{member.Item1}\":{member.Item2}"))}}}")),
        (1, inner.Array[0, 4].Select(each => $"[{string.Join(',', each)}]"))));

    [Test]
    public void Any_JSON_of_any_shape_is_read_by_every_form() =>
        Json.Sample(json => { ReadAll(Encoding.UTF8.GetBytes(json)); }, iter: 4_000);

    [Test]
    public void Any_bytes_are_read_by_every_form() => Gen.Select(Json, Gen.Int[0, 400], Gen.Byte).Sample((json, place, octet) =>
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        bytes[place % bytes.Length] = octet;
        ReadAll(bytes);
    }, iter: 4_000);

    [TestCase("\"\\ud800\"")]
    [TestCase("\"\\udc00\\ud800\"")]
    [TestCase("\"\\\\\\ud800x\"")]
    public void Half_of_a_surrogate_pair_is_one_strange_character(string reason)
    {
        var mail = Notification.Read(NotificationForm.Brevo, Encoding.UTF8.GetBytes($$"""{"event":"hard_bounce","email":"ida@harbour.example","reason":{{reason}}}"""));

        Assert.That((mail.Kind, mail.Recipients.Count), Is.EqualTo(("bounce", 1)));
        Assert.That(mail.Evidence, Does.Contain("\uFFFD"));
    }

    [Test]
    public void A_pair_that_is_whole_stays() =>
        Assert.That(Notification.Read(NotificationForm.Brevo, """{"event":"hard_bounce","reason":"full \ud83d\ude00"}"""u8.ToArray()).Evidence, Does.EndWith("full 😀"));

    [Test]
    public void JSON_in_JSON_in_JSON_ends()
    {
        var deep = new string('[', 500_000);

        ReadAll(Encoding.UTF8.GetBytes(deep));
        ReadAll(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"mail\":", 100_000))));

        Assert.That(Notification.Read(NotificationForm.Generic, Encoding.UTF8.GetBytes(deep)), Is.InstanceOf<ReturnedMail.Unrecognised>());
    }

    [Test]
    public void A_megabyte_of_addresses_costs_no_more_than_a_look_at_a_few()
    {
        var asked = 0;
        var body = Encoding.UTF8.GetBytes($"{{\"event\":\"bounce\",{string.Join(',', Enumerable.Range(0, 40_000).Select(i => $"\"x{i}\":\"a@b.example c@d.example\""))}}}");

        Notification.Read(NotificationForm.SendGrid, body, _ => { asked++; return null; });

        Assert.That(asked, Is.GreaterThan(0).And.LessThan(20_000));
    }

    private static void ReadAll(byte[] bytes)
    {
        foreach (var form in Enum.GetValues<NotificationForm>())
        {
            var mail = Notification.Read(form, bytes, _ => null);
            Assert.That(mail.Evidence, Is.Not.Empty.And.Length.LessThanOrEqualTo(300));
            foreach (var each in Notification.Split(form, bytes) ?? [])
                Notification.Read(form, each, _ => null);
            Notification.IdOf(form, bytes);
        }
    }
}
