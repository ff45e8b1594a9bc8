using System.Diagnostics;
using System.Globalization;
using Newsletter.Mailroom;

namespace Newsletter.Tests.Mailroom.Sending;

public sealed class WorkerNameTests
{
    [Test]
    public void Two_desks_of_one_process_have_two_names_and_neither_is_gone()
    {
        var names = new[] { WorkerName.New(), WorkerName.New() };

        Assert.That(names, Is.Unique);
        Assert.That(names.Select(WorkerName.IsGone), Is.All.False);
    }

    [Test]
    public async Task A_process_that_has_ended_is_gone()
    {
        using var process = Process.Start(new ProcessStartInfo("sleep", "0"))!;
        await process.WaitForExitAsync();

        Assert.That(WorkerName.IsGone(NameOf(process.Id, "1")), Is.True);
    }

    [Test]
    public void A_process_that_has_the_number_of_one_that_ended_is_another_one() =>
        Assert.That(WorkerName.IsGone(NameOf(Environment.ProcessId, "1")), Is.True);

    [Test]
    public void Of_another_machine_nothing_is_known() => Assert.That(WorkerName.IsGone("elsewhere|boot|1|1|1"), Is.False);

    internal static string NameOf(int id, string start)
    {
        var parts = WorkerName.New().Split('|');
        (parts[2], parts[3]) = (id.ToString(CultureInfo.InvariantCulture), start);
        return string.Join('|', parts);
    }
}
