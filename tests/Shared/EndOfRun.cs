namespace Newsletter;

/// <summary>After the last test of the program: the servers that tests shared are ended.</summary>
[SetUpFixture]
public sealed class EndOfRun
{
    [OneTimeTearDown]
    public Task End_the_shared_servers() => PostgresCluster.EndAsync();
}
