using System.Diagnostics;
using System.Globalization;
using System.Text;
using Newsletter.Classifying;

namespace Newsletter.Benchmarks;

/// <summary>Whether any change to what providers tell over HTTP ends in a fault or takes long: <c>fuzz-events COUNT [SEED]</c>. Each is split and read as every form.</summary>
internal static class EventFuzzing
{
    private static readonly byte[][] Samples = [.. new[]
    {
        """{"Type":"Notification","MessageId":"7","TopicArn":"arn:aws:sns:eu-west-1:1:b","Message":"{\"notificationType\":\"Bounce\",\"bounce\":{\"bounceType\":\"Permanent\",\"bounceSubType\":\"General\",\"bouncedRecipients\":[{\"emailAddress\":\"ida@harbour.example\",\"status\":\"5.1.1\",\"diagnosticCode\":\"smtp; 550 5.1.1 no such user\"}]},\"mail\":{\"headers\":[{\"name\":\"Message-ID\",\"value\":\"<m-7@example.org>\"}]}}"}""",
        """{"eventType":"DeliveryDelay","deliveryDelay":{"delayType":"MailboxFull","delayedRecipients":[{"emailAddress":"ida@harbour.example","status":"4.2.2"}]},"mail":{"source":"r-7@example.org","destination":["ida@harbour.example"]}}""",
        """[{"email":"ida@harbour.example","event":"bounce","type":"blocked","status":"5.7.1","reason":"550 5.7.1 blocked","bounce_classification":"Reputation","smtp-id":"<m-7@example.org>","sg_event_id":"7"},{"event":"dropped","reason":"Bounced Address"},{"event":"deferred","response":"451 later"}]""",
        """{"signature":{"timestamp":"1772442000","token":"x","signature":"y"},"event-data":{"event":"failed","severity":"permanent","reason":"bounce","recipient":"ida@harbour.example","delivery-status":{"code":550,"enhanced-code":"5.1.1","message":"no such user"},"message":{"headers":{"message-id":"m-7@example.org"}}}}""",
        """{"RecordType":"Bounce","Type":"HardBounce","Email":"ida@harbour.example","Details":"smtp;550 5.1.1 no such user","Content":"Return-Path: <>\r\nMessage-ID: <m-7@example.org>","Metadata":{"a":"b"}}""",
        """{"RecordType":"SubscriptionChange","Recipient":"ida@harbour.example","SuppressSending":true,"SuppressionReason":"ManualSuppression","Origin":"Recipient"}""",
        """{"event":"hard_bounce","email":"ida@harbour.example","reason":"550 5.1.1 \ud83d\ude00","message-id":"<m-7@example.org>","X-Mailin-custom":"m-7@example.org","tags":["a"]}""",
        """{"events":[{"event":"bounce","recipient":"ida@harbour.example","code":550,"status":"5.1.1","diagnostic":"no such user","messageId":"m-7@example.org"},{"event":"complaint","feedback":"abuse"},{"event":"unsubscribe"}]}""",
    }.Select(Encoding.UTF8.GetBytes)];

    public static int Run(int count, int seed)
    {
        var (faults, slow, worst, began, gate) = (0, 0, TimeSpan.Zero, Stopwatch.GetTimestamp(), new Lock());
        Parallel.For(0, count, i =>
        {
            var raw = MailChanges.Changed(Samples, new Random(HashCode.Combine(seed, i)));
            var since = Fuzzing.Spent();
            try { Read(raw); }
            catch (Exception e)
            {
                Interlocked.Increment(ref faults);
                Fuzzing.Keep(raw, $"event-fault-{i}", e.ToString());
            }
            var took = Fuzzing.Spent() - since;
            if (took > Fuzzing.Bound && (took = Fuzzing.Again(() => Read(raw))) > Fuzzing.Bound)
            {
                Interlocked.Increment(ref slow);
                Fuzzing.Keep(raw, $"event-slow-{i}", $"{took.TotalMilliseconds:n0} ms");
            }
            lock (gate)
                worst = took > worst ? took : worst;
        });
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{count:n0} requests, seed {seed}: {faults} faults, {slow} slower than {Fuzzing.Bound.TotalMilliseconds:n0} ms, the slowest {worst.TotalMilliseconds:n1} ms for all six forms; {Stopwatch.GetElapsedTime(began).TotalSeconds:n0} s, {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MB at most"));
        return faults + slow == 0 ? 0 : 1;
    }

    private static void Read(byte[] raw)
    {
        foreach (var form in Enum.GetValues<NotificationForm>())
            foreach (var each in Notification.Split(form, raw) ?? [raw])
            {
                Notification.IdOf(form, each);
                if (Notification.Read(form, each, _ => null).Evidence.Length is 0 or > 300)
                    throw new InvalidOperationException("no evidence, or too long");
            }
    }
}
