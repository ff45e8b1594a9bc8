using System.Diagnostics;
using System.Globalization;
using Newsletter.Classifying;

namespace Newsletter.Benchmarks;

/// <summary>The classifier over a folder of mails: how many a second on one core, after a warm-up.</summary>
internal static class Classifying
{
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(10);

    public static int Rate(string folder)
    {
        var mails = MailChanges.Read(folder);
        for (var round = 0; round < 5; round++)
            foreach (var mail in mails)
                Classifier.Classify(mail);
        var (count, allocated, began) = (0L, GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());
        while (Stopwatch.GetElapsedTime(began) < Measured)
            foreach (var mail in mails)
            {
                Classifier.Classify(mail);
                count++;
            }
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{mails.Length} mails of {mails.Average(mail => mail.Length):n0} octets: {count / seconds:n0} a second on one core, {(GC.GetAllocatedBytesForCurrentThread() - allocated) / count:n0} octets allocated each"));
        return 0;
    }
}
