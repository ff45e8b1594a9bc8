using Newsletter.Storage;

namespace Newsletter.Tests.Storage;

[TestFixture(typeof(SqliteHome))]
[TestFixture(typeof(PostgresHome))]
public sealed class SchemaCheckTests<THome> : DatabaseTests<THome>
    where THome : IDatabaseHome, new()
{
    [Test]
    public void Todays_schema_passes() => Assert.That(() => Database.CheckAsync(CancellationToken.None), Throws.Nothing);

    [TestCase("delete from migrations", "older version")]
    [TestCase("delete from migrations", "newsletter status of this version")]
    [TestCase("insert into migrations (number, name, hash) values (999, 'later', 'x')", "newer version")]
    [TestCase("update migrations set hash = 'x' where number = 1", "never released")]
    public async Task Another_schema_is_named_with_its_remedy(string change, string words)
    {
        await using (var connection = await Database.OpenAsync(CancellationToken.None))
        {
            await using var command = connection.CreateCommand();
            command.CommandText = change;
            await command.ExecuteNonQueryAsync();
        }

        Assert.That(() => Database.CheckAsync(CancellationToken.None), Throws.TypeOf<SchemaException>().With.Message.Contains(words));
    }
}
