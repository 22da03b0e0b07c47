def there(answer, solution):
    return answer == solution
