using Npgsql;

namespace Newsletter.Tests.Shared;

public sealed class PostgresClusterTests
{
    [Test]
    public async Task A_copy_of_a_database_has_what_the_template_had()
    {
        var cluster = await PostgresCluster.GetAsync();
        var template = await cluster.CreateDatabaseAsync();
        await ScalarAsync(cluster.ConnectionString(template) + ";Pooling=false", "create table facts (fact text); insert into facts values ('kept') returning fact");

        var copy = await cluster.CreateDatabaseAsync(template);

        Assert.That(await ScalarAsync(cluster.ConnectionString(copy), "select fact from facts"), Is.EqualTo("kept"));
        await cluster.DropDatabaseAsync(copy);
        await cluster.DropDatabaseAsync(template);
    }

    private static async Task<object?> ScalarAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
