namespace Newsletter;

/// <summary>After the last test of the program: what tests shared is ended.</summary>
[SetUpFixture]
public sealed class EndOfRun
{
    [OneTimeTearDown]
    public async Task End_what_was_shared()
    {
        await PostgresCluster.EndAsync();
        await SqliteHome.EndAsync();
    }
}
