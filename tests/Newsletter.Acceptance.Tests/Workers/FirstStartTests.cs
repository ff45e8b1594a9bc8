namespace Newsletter.Acceptance.Tests.Workers;

/// <summary>Workers that start at the same moment on a new database, as a deployment of several does.</summary>
public sealed class FirstStartTests : DatabaseTests<PostgresHome>
{
    [Test]
    public async Task Six_that_start_at_once_on_a_new_database_make_the_tables_of_the_jobs_and_none_reports_an_error()
    {
        await using var house = await WorkerHouse.OpenAsync(Home.ConnectionString, readers: 1, perSecond: 100);

        var workers = await house.StartAsync(6);
        await house.DoAsync("schedule", "1", "--at", "+0s");
        await house.CompleteAsync();
        var ends = await Task.WhenAll(workers.Select(worker => worker.StopAsync()));

        Assert.That(ends.Select(end => end.Errors), Has.None.Contains(" fail: "));
        Assert.That(ends.Select(end => end.Code), Has.All.Zero);
    }
}
