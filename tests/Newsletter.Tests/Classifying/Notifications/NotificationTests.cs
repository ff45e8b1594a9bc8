using System.Text;
using Newsletter.Addresses;
using Newsletter.Classifying;
using Newsletter.Returns;

namespace Newsletter.Tests.Classifying.Notifications;

/// <summary>What each provider's events are read as: kind; of whom, with which status, permanence and reason.</summary>
public sealed class NotificationTests
{
    private static readonly OurAddresses Ours = Some.OurAddresses();
    private static readonly DeliveryId Delivery = DeliveryId.Of(12, 34);

    [TestCase("""{"event":"bounce","type":"bounce","status":"5.1.1","reason":"550 5.1.1 The email account that you tried to reach does not exist","bounce_classification":"Invalid Address"}""", "bounce", "5.1.1 permanent user-unknown")]
    [TestCase("""{"event":"bounce","type":"bounce","status":"5.0.0","reason":"","bounce_classification":"Invalid Address"}""", "bounce", "5.0.0 permanent user-unknown")]
    [TestCase("""{"event":"bounce","type":"blocked","status":"5.7.1","reason":"550 5.7.1 service refused, your host 192.0.2.1 has a poor reputation","bounce_classification":"Reputation"}""", "bounce", "5.7.1 transient blocked")]
    [TestCase("""{"event":"bounce","type":"blocked","status":"","reason":"no words for it","bounce_classification":"Frequency/Volume"}""", "bounce", " transient rate-limited")]
    [TestCase("""{"event":"bounce","status":"5.0.0","reason":"no words for it"}""", "bounce", "5.0.0 unknown other")]
    [TestCase("""{"event":"dropped","reason":"Bounced Address","status":"5.0.0"}""", "bounce", " permanent user-unknown")]
    [TestCase("""{"event":"dropped","reason":"Recipient List over Package Quota","status":""}""", "bounce", " transient policy")]
    [TestCase("""{"event":"dropped","reason":"Spam Reporting Address"}""", "complaint", " unknown other")]
    [TestCase("""{"event":"dropped","reason":"Unsubscribed Address"}""", "unsubscribe", " unknown other")]
    [TestCase("""{"event":"deferred","response":"452 4.2.2 mailbox full","attempt":"3"}""", "delayed", "4.2.2 transient mailbox-full")]
    [TestCase("""{"event":"spamreport"}""", "complaint", " unknown other")]
    [TestCase("""{"event":"group_unsubscribe","asm_group_id":7}""", "unsubscribe", " unknown other")]
    [TestCase("""{"event":"delivered","response":"250 2.0.0 OK"}""", "delivered", "2.0.0 unknown other")]
    [TestCase("""{"event":"open","useragent":"x"}""", "other", null)]
    public void SendGrid(string told, string kind, string? about) => Reads(NotificationForm.SendGrid, WithMember(told, "email"), kind, about);

    [TestCase("""{"event":"failed","severity":"permanent","reason":"bounce","delivery-status":{"code":550,"enhanced-code":"5.1.1","message":"5.1.1 no such user here"}}""", "bounce", "5.1.1 permanent user-unknown")]
    [TestCase("""{"event":"failed","severity":"permanent","reason":"suppress-bounce","delivery-status":{"code":605,"message":"","description":"Not delivering to previously bounced address"}}""", "bounce", " permanent user-unknown")]
    [TestCase("""{"event":"failed","severity":"permanent","reason":"suppress-complaint"}""", "complaint", " unknown other")]
    [TestCase("""{"event":"failed","severity":"permanent","reason":"suppress-unsubscribe"}""", "unsubscribe", " unknown other")]
    [TestCase("""{"event":"failed","severity":"temporary","reason":"generic","delivery-status":{"code":451,"message":"4.7.1 greylisted, try again"}}""", "delayed", "4.7.1 transient ")]
    [TestCase("""{"event":"failed","severity":"permanent","reason":"old","delivery-status":{"code":602,"message":"Too old"}}""", "bounce", "")]
    [TestCase("""{"event":"rejected","reject":{"reason":"Sandbox subdomains are for test purposes only"}}""", "bounce", " transient policy")]
    [TestCase("""{"event":"complained"}""", "complaint", " unknown other")]
    [TestCase("""{"event":"unsubscribed"}""", "unsubscribe", " unknown other")]
    [TestCase("""{"event":"clicked","url":"https://news.example.org"}""", "other", null)]
    public void Mailgun(string told, string kind, string? about) => Reads(NotificationForm.Mailgun, $$"""{"signature":{},"event-data":{{WithMember(told, "recipient")}}}""", kind, about);

    [TestCase("""{"RecordType":"Bounce","Type":"HardBounce","Details":"smtp;550 5.1.1 user unknown"}""", "bounce", "5.1.1 permanent user-unknown")]
    [TestCase("""{"RecordType":"Bounce","Type":"HardBounce","Details":""}""", "bounce", " permanent user-unknown")]
    [TestCase("""{"RecordType":"Bounce","Type":"SoftBounce","Details":"no words for it"}""", "bounce", " transient other")]
    [TestCase("""{"RecordType":"Bounce","Type":"HardBounce","Details":"554 5.7.1 message rejected as spam"}""", "bounce", "5.7.1 transient content-rejected")]
    [TestCase("""{"RecordType":"Bounce","Type":"Transient","Details":"421 4.4.2 connection timed out"}""", "delayed", "4.4.2 transient network")]
    [TestCase("""{"RecordType":"Bounce","Type":"SpamComplaint"}""", "complaint", " unknown other")]
    [TestCase("""{"RecordType":"Bounce","Type":"AutoResponder"}""", "auto-reply", null)]
    [TestCase("""{"RecordType":"SpamComplaint","Type":"SpamComplaint"}""", "complaint", " unknown other")]
    [TestCase("""{"RecordType":"Open"}""", "other", null)]
    public void Postmark(string told, string kind, string? about) => Reads(NotificationForm.Postmark, WithMember(told, "Email"), kind, about);

    [TestCase("""{"SuppressSending":true,"SuppressionReason":"ManualSuppression","Origin":"Recipient"}""", "unsubscribe", " unknown other")]
    [TestCase("""{"SuppressSending":true,"SuppressionReason":"HardBounce","Origin":"Recipient"}""", "bounce", " permanent user-unknown")]
    [TestCase("""{"SuppressSending":true,"SuppressionReason":"SpamComplaint","Origin":"Recipient"}""", "complaint", " unknown other")]
    [TestCase("""{"SuppressSending":true,"SuppressionReason":"ManualSuppression","Origin":"Customer"}""", "other", null)]
    [TestCase("""{"SuppressSending":false,"SuppressionReason":null,"Origin":"Recipient"}""", "other", null)]
    public void What_changes_on_Postmarks_list(string told, string kind, string? about) =>
        Reads(NotificationForm.Postmark, WithMember(WithMember(told, "Recipient"), "RecordType", "SubscriptionChange"), kind, about);

    [TestCase("""{"event":"hard_bounce","reason":"550 5.1.1 no such user"}""", "bounce", "5.1.1 permanent user-unknown")]
    [TestCase("""{"event":"hard_bounce","reason":""}""", "bounce", " permanent user-unknown")]
    [TestCase("""{"event":"hard_bounce","reason":"550 5.7.1 rejected due to spam content"}""", "bounce", "5.7.1 transient content-rejected")]
    [TestCase("""{"event":"soft_bounce","reason":"452 4.2.2 mailbox full"}""", "bounce", "4.2.2 transient mailbox-full")]
    [TestCase("""{"event":"soft_bounce","reason":"server is down"}""", "bounce", " transient ")]
    [TestCase("""{"event":"blocked","reason":""}""", "bounce", " unknown other")]
    [TestCase("""{"event":"invalid_email"}""", "bounce", " permanent user-unknown")]
    [TestCase("""{"event":"deferred","reason":"451 4.7.1 greylisted"}""", "delayed", "4.7.1 transient ")]
    [TestCase("""{"event":"spam"}""", "complaint", " unknown other")]
    [TestCase("""{"event":"unsubscribed"}""", "unsubscribe", " unknown other")]
    [TestCase("""{"event":"unsubscribe","list_id":[3]}""", "unsubscribe", " unknown other")]
    [TestCase("""{"event":"unique_opened"}""", "other", null)]
    public void Brevo(string told, string kind, string? about) => Reads(NotificationForm.Brevo, WithMember(told, "email"), kind, about);

    [TestCase("""{"event":"bounce","status":"5.2.2","code":552,"diagnostic":"over quota"}""", "bounce", "5.2.2 transient mailbox-full")]
    [TestCase("""{"event":"bounce","code":550,"diagnostic":"5.1.1 no such user"}""", "bounce", "5.1.1 permanent user-unknown")]
    [TestCase("""{"event":"bounce"}""", "bounce", " unknown other")]
    [TestCase("""{"event":"delayed","diagnostic":"451 4.4.1 no answer from host"}""", "delayed", "4.4.1 transient network")]
    [TestCase("""{"event":"complaint","feedback":"fraud"}""", "complaint", " unknown other")]
    [TestCase("""{"event":"unsubscribe"}""", "unsubscribe", " unknown other")]
    [TestCase("""{"event":"delivered"}""", "delivered", " unknown other")]
    public void Anyones_script(string told, string kind, string? about) => Reads(NotificationForm.Generic, WithMember(told, "recipient"), kind, about);

    [TestCase("""{"eventType":"Reject","mail":{"destination":["ida@harbour.example"]},"reject":{"reason":"Bad content"}}""", "bounce", " transient content-rejected")]
    [TestCase("""{"eventType":"Rendering Failure","mail":{"destination":["ida@harbour.example"]},"failure":{"errorMessage":"no such attribute"}}""", "bounce", " transient content-rejected")]
    [TestCase("""{"eventType":"Subscription","mail":{"destination":["ida@harbour.example"]},"subscription":{"source":"UnsubscribeHeader","newTopicPreferences":{"unsubscribeAll":true}}}""", "unsubscribe", " unknown other")]
    [TestCase("""{"eventType":"Subscription","subscription":{"source":"UnsubscribeHeader","newTopicPreferences":{"unsubscribeAll":false}}}""", "other", null)]
    [TestCase("""{"eventType":"Open"}""", "other", null)]
    [TestCase("Successfully validated SNS topic for Amazon SES event publishing.", "other", null)]
    public void Amazon_in_the_envelope_of_SNS(string message, string kind, string? about) =>
        Reads(NotificationForm.Ses, $$"""{"Type":"Notification","MessageId":"7","TopicArn":"arn:aws:sns:eu-west-1:1:news","Message":{{System.Text.Json.JsonSerializer.Serialize(message)}}}""", kind, about);

    [TestCase(NotificationForm.SendGrid, """{"event":"bounce","email":"x@y.example","smtp-id":"<SEAL>"}""", "smtp-id")]
    [TestCase(NotificationForm.SendGrid, """{"event":"bounce","letter":"SEAL"}""", "letter")]
    [TestCase(NotificationForm.Mailgun, """{"event-data":{"event":"failed","message":{"headers":{"message-id":"SEAL"}}}}""", "message-id")]
    [TestCase(NotificationForm.Mailgun, """{"event-data":{"event":"failed","user-variables":{"letter":"SEAL"}}}""", "letter")]
    [TestCase(NotificationForm.Postmark, """{"RecordType":"Bounce","Metadata":{"letter":"SEAL"}}""", "letter")]
    [TestCase(NotificationForm.Postmark, """{"RecordType":"Bounce","Content":"Return-Path: <>\r\n\r\nMessage-ID: <SEAL>\r\n"}""", "Content")]
    [TestCase(NotificationForm.Brevo, """{"event":"hard_bounce","message-id":"<SEAL>"}""", "message-id")]
    [TestCase(NotificationForm.Brevo, """{"event":"hard_bounce","X-Mailin-custom":"SEAL"}""", "X-Mailin-custom")]
    [TestCase(NotificationForm.Generic, """{"event":"bounce","messageId":"SEAL"}""", "messageId")]
    [TestCase(NotificationForm.Ses, """{"notificationType":"Bounce","bounce":{},"mail":{"commonHeaders":{"messageId":"SEAL"}}}""", "messageId")]
    public void The_letter_is_found_by_our_seal_wherever_the_provider_gives_it_back(NotificationForm form, string told, string place)
    {
        var traced = TracedMail.Read(form, Encoding.UTF8.GetBytes(told.Replace("SEAL", Ours.MessageId(Delivery), StringComparison.Ordinal)), Ours);

        Assert.That((traced.Delivery, traced.Mail.Origin.Proof), Is.EqualTo(((DeliveryId?)Delivery, place)));
    }

    /// <summary>An answer of the editor's names the letter that it answers, and so does what anybody writes into a refusal: neither is that letter.</summary>
    [TestCase(NotificationForm.Ses, """{"notificationType":"Complaint","complaint":{},"mail":{"source":"t-x@returns.example.org","headers":[{"name":"Message-ID","value":"<answer-7-x@example.org>"},{"name":"In-Reply-To","value":"<SEAL>"},{"name":"References","value":"<SEAL> <x@y.example>"}]}}""")]
    [TestCase(NotificationForm.Ses, """{"notificationType":"Bounce","bounce":{"bouncedRecipients":[{"emailAddress":"bo@harbour.example","diagnosticCode":"550 5.1.1 no such user, see <SEAL>"}]},"mail":{"source":"t-x@returns.example.org"}}""")]
    [TestCase(NotificationForm.Ses, """{"notificationType":"Complaint","complaint":{},"mail":{"source":"t-x@returns.example.org","headers":[{"name":"Message-ID","value":"<x@y.example>"},{"name":"Reply-To","value":"<SEAL>"}]}}""")]
    [TestCase(NotificationForm.SendGrid, """{"event":"bounce","email":"bo@harbour.example","reason":"550 no such user, see SEAL"}""")]
    [TestCase(NotificationForm.SendGrid, """{"event":"spamreport","email":"bo@harbour.example","smtp-id":"<answer-7-x@example.org>","letter":"SEAL"}""")]
    [TestCase(NotificationForm.Mailgun, """{"event-data":{"event":"failed","recipient":"bo@harbour.example","delivery-status":{"message":"no such user, see SEAL"}}}""")]
    [TestCase(NotificationForm.Postmark, """{"RecordType":"Bounce","Email":"bo@harbour.example","Details":"no such user, see SEAL","Content":"Message-ID: <answer-7-x@example.org>\r\nIn-Reply-To: <SEAL>\r\nReferences:\r\n <SEAL>\r\n\r\n550 see <SEAL>\r\n"}""")]
    [TestCase(NotificationForm.Brevo, """{"event":"hard_bounce","email":"bo@harbour.example","reason":"550 no such user, see SEAL"}""")]
    [TestCase(NotificationForm.Generic, """{"event":"bounce","recipient":"bo@harbour.example","diagnostic":"550 no such user, see SEAL","references":"<SEAL>"}""")]
    public void What_a_mail_answers_and_what_servers_say_is_not_the_letter(NotificationForm form, string told)
    {
        var traced = TracedMail.Read(form, Encoding.UTF8.GetBytes(told.Replace("SEAL", Ours.MessageId(Delivery), StringComparison.Ordinal)), Ours);

        Assert.That((traced.Delivery, traced.Mail.Origin.Proof), Is.EqualTo(((DeliveryId?)null, "")));
    }

    [TestCase(NotificationForm.Ses, """{"notificationType":"Bounce","bounce":{},"mail":{"source":"SEAL"}}""", "source")]
    [TestCase(NotificationForm.Ses, """{"notificationType":"Bounce","bounce":{},"mail":{"source":"SEAL","headers":[{"name":"Message-ID","value":"<another@relay.example>"}]}}""", "source")]
    [TestCase(NotificationForm.Mailgun, """{"event-data":{"event":"failed","envelope":{"sender":"SEAL"}}}""", "sender")]
    [TestCase(NotificationForm.Generic, """{"event":"bounce","returnPath":"<SEAL>"}""", "returnPath")]
    public void The_envelope_sender_tells_it_as_well_though_a_relay_wrote_another_Message_ID(NotificationForm form, string told, string place)
    {
        var traced = TracedMail.Read(form, Encoding.UTF8.GetBytes(told.Replace("SEAL", Ours.ReturnPath(Delivery), StringComparison.Ordinal)), Ours);

        Assert.That((traced.Delivery, traced.Mail.Origin.Proof), Is.EqualTo(((DeliveryId?)Delivery, place)));
    }

    [Test]
    public void A_probe_is_found_by_its_seal_and_not_taken_for_a_letter_to_the_same_address()
    {
        var probe = new ProbeId(5, new(34));

        var traced = TracedMail.Read(NotificationForm.SendGrid, Encoding.UTF8.GetBytes($$"""{"event":"bounce","email":"ida@harbour.example","probe":"{{Ours.Probe(probe).MessageId}}"}"""), Ours);

        Assert.That((traced.Probe, traced.Delivery, EventTrace.AddressOf(traced, Ours)), Is.EqualTo(((ProbeId?)probe, (DeliveryId?)null, (EmailAddress?)null)));
    }

    [Test]
    public void A_seal_that_does_not_hold_proves_nothing()
    {
        var traced = TracedMail.Read(NotificationForm.Generic, Encoding.UTF8.GetBytes($$"""{"event":"bounce","messageId":"{{Ours.MessageId(Delivery).Replace("m-", "m-a", StringComparison.Ordinal)}}"}"""), Ours);

        Assert.That(traced.Delivery, Is.Null);
    }

    [Test]
    public void The_evidence_is_the_field_that_decided()
    {
        var mail = Notification.Read(NotificationForm.SendGrid, """{"event":"bounce","type":"bounce","status":"5.1.1","reason":"550 5.1.1 user unknown"}"""u8.ToArray());

        Assert.That(mail.Evidence, Is.EqualTo("SendGrid event: bounce bounce: 5.1.1 550 5.1.1 user unknown"));
    }

    [TestCase(NotificationForm.SendGrid, """[{"event":"open"},7,{"event":"bounce"}]""", 3)]
    [TestCase(NotificationForm.SendGrid, """{"event":"bounce"}""", 1)]
    [TestCase(NotificationForm.Brevo, """[{"event":"spam"},{"event":"spam"}]""", 2)]
    [TestCase(NotificationForm.Generic, """{"events":[{"event":"bounce"},[],null]}""", 3)]
    [TestCase(NotificationForm.Generic, """[]""", 0)]
    [TestCase(NotificationForm.Ses, """{"Type":"Notification"}""", 1)]
    public void A_request_is_split_into_its_events(NotificationForm form, string body, int count) =>
        Assert.That(Notification.Split(form, Encoding.UTF8.GetBytes(body)), Has.Count.EqualTo(count));

    [TestCase("")]
    [TestCase("event=bounce")]
    [TestCase("""[{"event":"bounce"}""")]
    public void A_request_that_is_no_JSON_has_no_events(string body) =>
        Assert.That(Notification.Split(NotificationForm.SendGrid, Encoding.UTF8.GetBytes(body)), Is.Null);

    [Test]
    public void More_events_than_ten_thousand_are_not_taken_at_once() =>
        Assert.That(Notification.Split(NotificationForm.SendGrid, Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Repeat("1", 10_001))}]")), Is.Null);

    private static void Reads(NotificationForm form, string told, string kind, string? about)
    {
        var mail = Notification.Read(form, Encoding.UTF8.GetBytes(told));

        Assert.That(mail.Kind, Is.EqualTo(kind), mail.Evidence);
        Assert.That(mail, Is.Not.InstanceOf<ReturnedMail.Unrecognised>());
        var said = mail.Recipients.Select(each => $"{each.Address} {each.Status} {each.Verdict.PermanenceWord} {each.Verdict.ReasonWord}").ToList();
        if (about is null)
            Assert.That(said, Is.Empty);
        else
            Assert.That(said.Single(), Does.StartWith($"ida@harbour.example {about}"));
    }

    private static string WithMember(string told, string name, string value = "ida@harbour.example") => $$"""{"{{name}}":"{{value}}",{{told[1..]}}""";
}
